import type { Features } from '../../../features/manifest.ts'
import { buildFeatures } from '../../features/generated.ts'

/** Of a history so many of its events, by type and gap; nothing else is told. */
export function historyFeatures(sequenceLength: number): Features {
  return buildFeatures({
    sequenceLength,
    items: [],
    itemCategories: [],
    historyNumbers: [],
    attributeNumbers: [],
    categories: [],
    texts: [],
  })
}
