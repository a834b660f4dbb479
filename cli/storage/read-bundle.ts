// A bundle as training reads it back: checked as before it is published, with its model in memory.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileOf } from '../../features/manifest.ts'
import type { Card } from '../../training/card.ts'
import type { Bundle } from '../../training/evaluate-bundle.ts'
import type { CheckedBundle } from './check-bundle.ts'
import { openBundle } from './publish.ts'

export interface ReadBundle {
  readonly checked: CheckedBundle
  readonly bundle: Bundle
}

/** Throws CommandError with the cause where the bundle in this folder is not whole. */
export async function readBundle(folder: string): Promise<ReadBundle> {
  const checked = await openBundle(folder)
  const { manifest, cardText } = checked
  const model = readFileSync(join(checked.folder, fileOf(manifest, 'model').name))
  return { checked, bundle: { manifest, card: cardOf(cardText), model } }
}

/** A card of somebody else's may say nothing of what is known, or how good it was: then it knows everything. */
function cardOf(text: string): Card {
  const card: unknown = JSON.parse(text)
  const { rehearsal, deployed, ...rest } = (
    typeof card === 'object' && card !== null ? card : {}
  ) as Partial<Card>
  return {
    ...rest,
    rehearsal: { tasks: {}, ...rehearsal },
    deployed: { untilMs: null, ...deployed },
  } as Card
}
