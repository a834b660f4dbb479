// A head of another kind than its task would answer another question in good faith.
import { describe, expect, it } from 'vitest'
import { parseManifest } from '../../features/manifest-schema.ts'
import { FEATURE_VERSION } from '../../features/manifest.ts'

const sha256 = '0'.repeat(64)
const files = (['model', 'card', 'golden'] as const).map((kind) => ({ name: kind, kind, bytes: 1, sha256 }))
const features = {
  sequenceLength: 0,
  eventTypes: [],
  valueTypes: [],
  windowsMs: [],
  items: [],
  itemCategories: [],
  historyNumbers: [],
  attributeNumbers: [],
  categories: [],
  texts: [],
}
const base = { task: 'a', basis: 'model' }
const chances = { prior: [0.5, 0.5], newcomerPrior: [0.5, 0.5], temperature: 1, bias: [0, 0] }
const amounts = { prior: [1], newcomerPrior: [1], link: 'softplus', scale: 1, factor: 1 }
const occurs = { kind: 'occurs', type: 'buy', horizonMs: 1 }
const total = { kind: 'total', type: 'buy', horizonMs: 1 }
const label = { kind: 'label', values: ['good', 'bad'] }

function isRead(head: object): boolean {
  const manifest = { featureVersion: FEATURE_VERSION, project: 'p', family: 'f', features, inputs: [], files }
  return parseManifest(JSON.stringify({ ...manifest, heads: [{ ...base, ...head }] })).ok
}

describe('parseManifest', () => {
  it('takes heads of the kind and the classes of their task, and no others', () => {
    const yesNo = { ...chances, classes: ['no', 'yes'] }
    const named = { ...chances, classes: ['good', 'bad'] }
    expect(isRead({ declaration: occurs, kind: 'probability', ...yesNo })).toBe(true)
    expect(isRead({ declaration: label, kind: 'choice', ...named })).toBe(true)
    expect(isRead({ declaration: total, kind: 'amount', ...amounts })).toBe(true)

    expect(isRead({ declaration: occurs, kind: 'amount', ...amounts })).toBe(false)
    expect(isRead({ declaration: occurs, kind: 'choice', ...yesNo })).toBe(false)
    expect(isRead({ declaration: total, kind: 'probability', ...yesNo })).toBe(false)
    expect(isRead({ declaration: occurs, kind: 'probability', ...chances, classes: ['yes', 'no'] })).toBe(
      false,
    )
    expect(isRead({ declaration: label, kind: 'choice', ...chances, classes: ['bad', 'good'] })).toBe(false)
  })
})
