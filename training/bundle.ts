// A bundle on disk: model, manifest, card and golden rows, written whole or not at all, and only when
// TensorFlow.js and ONNX Runtime agree about the golden rows.
import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inputSpecs } from '../features/encode.ts'
import { bundleId } from '../features/hash.ts'
import { headWidth } from '../features/manifest.ts'
import type { Manifest } from '../features/manifest.ts'
import type { Card } from './card.ts'
import { answersOf } from './evaluate.ts'
import type { Outputs } from './evaluate.ts'
import type { ExampleSet } from './examples/example-set.ts'

/** The largest difference of probabilities between runtimes that a bundle may have. */
export const PARITY_MAX = 1e-5
/** How many golden rows a bundle carries, at the most. */
export const GOLDEN_ROWS = 1_000

export interface BundleParts {
  readonly model: Uint8Array<ArrayBuffer>
  readonly manifest: Manifest
  readonly card: Card
  /** Inputs of real examples, and what TensorFlow.js answers. */
  readonly golden: { readonly examples: ExampleSet; readonly outputs: Outputs }
}

/**
 * The largest difference between two sets of outputs, as probabilities or as shares of a total's scale;
 * infinite where an output is absent, short or not finite, on either side.
 */
export function parityOf(
  manifest: Manifest,
  { rows, left, right }: { readonly rows: number; readonly left: Outputs; readonly right: Outputs },
): number {
  const all = Array.from({ length: rows }, (_, row) => row)
  const largest = manifest.heads.map((head) => {
    const sides = [left, right].map((outputs) => outputs[head.task] ?? new Float32Array(0))
    const isWhole = (output: Float32Array): boolean =>
      output.length === rows * headWidth(head) && output.every(Number.isFinite)
    if (!sides.every(isWhole)) return Infinity
    const [a, b] = sides.map((output) => answersOf(head, { output, rows: all }))
    const unit = head.kind === 'total' ? head.scale : 1
    const difference = (a ?? new Float64Array(0)).reduce(
      (most, answer, place) => Math.max(most, Math.abs(answer - (b?.[place] ?? Infinity))),
      0,
    )
    return difference / unit
  })
  return Math.max(...largest)
}

/** Writes the bundle into a folder named by its id, and gives both. */
export async function writeBundle(
  bundlesFolder: string,
  { model, manifest, card, golden }: BundleParts,
): Promise<{ id: string; folder: string }> {
  const manifestText = `${JSON.stringify(manifest)}\n`
  const cardText = `${JSON.stringify(card, null, 2)}\n`
  const id = await bundleId({ model, manifestText, cardText })
  const folder = join(bundlesFolder, id)
  const draft = `${folder}.draft-${process.pid}`
  mkdirSync(draft, { recursive: true })
  try {
    writeFileSync(join(draft, 'model.onnx'), model)
    writeFileSync(join(draft, 'manifest.json'), manifestText)
    writeFileSync(join(draft, 'card.json'), cardText)
    writeFileSync(join(draft, 'golden.json'), `${JSON.stringify(goldenJson(manifest, golden))}\n`)
    rmSync(folder, { recursive: true, force: true })
    renameSync(draft, folder)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return { id, folder }
}

/** Inputs row-major [rows, ...shape] and outputs [rows, width] by name. */
function goldenJson(manifest: Manifest, { examples, outputs }: BundleParts['golden']): unknown {
  const arrays = (columns: Readonly<Record<string, ArrayLike<number>>>): Record<string, number[]> =>
    Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Array.from(values)]))
  const names = inputSpecs(manifest.features).map(({ name }) => name)
  return {
    rows: examples.count,
    inputs: arrays(Object.fromEntries(names.map((name) => [name, examples.inputs[name] ?? []]))),
    outputs: arrays(outputs),
  }
}
