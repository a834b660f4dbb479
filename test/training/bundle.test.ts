import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { inputSpecs } from '../../features/encode.ts'
import { bundleId } from '../../features/hash.ts'
import { FEATURE_VERSION, headWidth, manifestSchema } from '../../features/manifest.ts'
import type { Manifest } from '../../features/manifest.ts'
import { parityOf, writeBundle } from '../../training/bundle.ts'
import type { BundleParts } from '../../training/bundle.ts'
import type { Card } from '../../training/card.ts'
import type { Outputs } from '../../training/evaluate.ts'
import { randomInputs, shapes } from './models/build-model.ts'
import type { ModelShape } from '../../training/models/family.ts'
import { newFolder } from './train-small.ts'

const ROWS = 3
const shape = shapes['log'] as ModelShape
const manifest: Manifest = {
  featureVersion: FEATURE_VERSION,
  project: 'small-shop',
  family: 'pooled',
  ...shape,
  inputs: inputSpecs(shape.features),
}
const card: Card = {
  project: 'small-shop',
  family: 'pooled',
  seed: 1,
  backend: 'wasm',
  data: { rows: 9, users: 3, skippedRows: 0 },
  split: 'by time',
  examples: { train: 3, validation: 3, test: ROWS },
  epochs: 1,
  parameters: 4,
  tasks: {},
  parity: 0,
  versions: {},
}

/** Logits of every head, all rows; with one of them replaced. */
function buildOutputs(replaced: { task?: string; place?: number; value?: number } = {}): Outputs {
  return Object.fromEntries(
    manifest.heads.map((head) => {
      const logits = Float32Array.from({ length: ROWS * headWidth(head) }, (_, place) => Math.sin(place))
      if (head.task === replaced.task) logits[replaced.place ?? 0] = replaced.value ?? 0
      return [head.task, logits]
    }),
  )
}

function buildParts(overrides: Partial<BundleParts> = {}): BundleParts {
  const examples = {
    count: ROWS,
    inputs: randomInputs(shape, ROWS),
    targets: {},
    userIds: ['a', 'b', 'c'],
    atMs: new Float64Array(ROWS),
  }
  return {
    model: new Uint8Array([8, 10, 1, 2, 3]),
    manifest,
    card,
    golden: { examples, outputs: buildOutputs() },
    ...overrides,
  }
}

describe('parityOf', () => {
  const difference = (right: Outputs): number =>
    parityOf(manifest, { rows: ROWS, left: buildOutputs(), right })

  it('is zero for the same outputs', () => {
    expect(difference(buildOutputs())).toBe(0)
  })

  it('is the largest difference of any head, of probabilities or in units of a total', () => {
    const changed = difference(buildOutputs({ task: 'spend', place: 2, value: Math.sin(2) + 1e-3 }))
    // softplus rises by the logistic function of its argument
    expect(changed).toBeCloseTo(1e-3 / (1 + Math.exp(-Math.sin(2))), 6)
    for (const { task } of manifest.heads) {
      expect(difference(buildOutputs({ task, place: 1, value: 9 }))).toBeGreaterThan(0.05)
    }
  })

  it.each([Number.NaN, Infinity, -Infinity])(
    'is infinite where an output is %d, on either side or both',
    (value) => {
      for (const { task } of manifest.heads) {
        const broken = buildOutputs({ task, place: 1, value })
        const intact = buildOutputs()
        for (const [left, right] of [
          [broken, intact],
          [intact, broken],
          [broken, broken],
        ] as const) {
          expect(parityOf(manifest, { rows: ROWS, left, right })).toBe(Infinity)
        }
      }
    },
  )

  it('is infinite where an output is absent or short, on either side or both', () => {
    for (const { task } of manifest.heads) {
      const absent = { ...buildOutputs(), [task]: new Float32Array(0) }
      const short = { ...buildOutputs(), [task]: buildOutputs()[task]?.slice(0, -1) ?? new Float32Array(0) }
      for (const broken of [absent, short]) {
        expect(difference(broken)).toBe(Infinity)
        expect(parityOf(manifest, { rows: ROWS, left: broken, right: broken })).toBe(Infinity)
      }
    }
  })
})

describe('writeBundle', () => {
  it('writes the four files into a folder named by the hash of what a service reads', async () => {
    const bundlesFolder = join(newFolder(), 'bundles', 'small-shop')
    const parts = buildParts()
    const { id, folder } = await writeBundle(bundlesFolder, parts)
    expect(folder).toBe(join(bundlesFolder, id))
    expect(readdirSync(bundlesFolder)).toEqual([id])
    expect(readdirSync(folder).toSorted()).toEqual([
      'card.json',
      'golden.json',
      'manifest.json',
      'model.onnx',
    ])
    const [manifestText, cardText] = ['manifest.json', 'card.json'].map((name) =>
      readFileSync(join(folder, name), 'utf8'),
    )
    expect(new Uint8Array(readFileSync(join(folder, 'model.onnx')))).toEqual(parts.model)
    expect(manifestSchema.parse(JSON.parse(manifestText ?? ''))).toEqual(manifest)
    expect(JSON.parse(cardText ?? '')).toEqual(card)
    expect(
      await bundleId({ model: parts.model, manifestText: manifestText ?? '', cardText: cardText ?? '' }),
    ).toBe(id)
  })

  it('keeps golden inputs and outputs to the last bit', async () => {
    const parts = buildParts()
    const { folder } = await writeBundle(newFolder(), parts)
    const golden = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8'))
    expect(golden.rows).toBe(ROWS)
    expect(Object.keys(golden.inputs)).toEqual(manifest.inputs.map(({ name }) => name))
    for (const [name, values] of Object.entries(parts.golden.examples.inputs)) {
      expect(golden.inputs[name]).toEqual(Array.from(values))
    }
    for (const [task, values] of Object.entries(parts.golden.outputs)) {
      expect(Float32Array.from(golden.outputs[task])).toEqual(values)
    }
  })

  it('gives another id when the model, the manifest or the card differs', async () => {
    const bundlesFolder = newFolder()
    const changes: Partial<BundleParts>[] = [
      {},
      { model: new Uint8Array([8, 10, 1, 2, 4]) },
      { manifest: { ...manifest, family: 'softmax' } },
      { card: { ...card, seed: 2 } },
    ]
    for (const change of changes) await writeBundle(bundlesFolder, buildParts(change))
    expect(readdirSync(bundlesFolder).length).toBe(changes.length)
  })

  it('mends a bundle of the same name that was damaged', async () => {
    const bundlesFolder = newFolder()
    const { id, folder } = await writeBundle(bundlesFolder, buildParts())
    writeFileSync(join(folder, 'model.onnx'), 'damaged')
    expect(await writeBundle(bundlesFolder, buildParts())).toEqual({ id, folder })
    expect(readdirSync(bundlesFolder)).toEqual([id])
    expect(new Uint8Array(readFileSync(join(folder, 'model.onnx')))).toEqual(buildParts().model)
  })

  it('leaves nothing behind where it cannot finish', async () => {
    const bundlesFolder = newFolder()
    const { golden } = buildParts()
    const outputs = {
      ...golden.outputs,
      get spend(): Float32Array {
        throw new Error('no more memory')
      },
    }
    const writing = writeBundle(bundlesFolder, buildParts({ golden: { ...golden, outputs } }))
    await expect(writing).rejects.toThrow('no more memory')
    expect(readdirSync(bundlesFolder)).toEqual([])
  })

  it('says so where the folder cannot be made', async () => {
    const file = join(newFolder(), 'a-file')
    writeFileSync(file, '')
    await expect(writeBundle(join(file, 'bundles'), buildParts())).rejects.toThrow('ENOTDIR')
    expect(existsSync(join(file, 'bundles'))).toBe(false)
  })
})
