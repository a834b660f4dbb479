import { describe, expect, it } from 'vitest'
import { differingTask, GOLDEN_ROWS_MAX, parseGoldenRows } from '../../features/golden.ts'
import type { Head } from '../../features/heads/head.ts'
import { FEATURE_VERSION } from '../../features/manifest.ts'
import type { Manifest } from '../../features/manifest.ts'
import { total } from '../../features/project.ts'
import { buildFeatures } from './generated.ts'

const heads: Head[] = [
  {
    task: 'spend',
    declaration: total('purchase', { withinDays: 7 }),
    kind: 'amount',
    basis: 'model',
    prior: [12],
    newcomerPrior: [3],
    scale: 10,
    factor: 1,
    link: 'identity',
  },
]
const manifest: Manifest = {
  featureVersion: FEATURE_VERSION,
  project: 'shop',
  family: 'softmax',
  features: buildFeatures(),
  inputs: [
    { name: 'numbers', type: 'float32', shape: [2] },
    { name: 'types', type: 'int32', shape: [1] },
  ],
  heads,
  files: [],
}
const inputs = { numbers: [1, 2, 3, 4], types: [5, 6] }
const whole = { rows: 2, inputs, outputs: { spend: [2, 300] } }
const golden = parseGoldenRows(JSON.stringify(whole), manifest)

describe('parseGoldenRows', () => {
  it.each([
    ['not a JSON object', '[1'],
    ['not a JSON object', '[]'],
    [`rows must be a whole number from 1 to ${GOLDEN_ROWS_MAX}`, { ...whole, rows: GOLDEN_ROWS_MAX + 1 }],
    ['rows must be', { ...whole, rows: 1.5 }],
    ['inputs or outputs are absent', { rows: 2, inputs }],
    ['input numbers does not fit', { ...whole, inputs: { ...inputs, numbers: [1, 2, 3] } }],
    ['input types does not fit', { ...whole, inputs: { ...inputs, types: [1, null] } }],
    ['output spend does not fit', { ...whole, outputs: { spend: [2] } }],
  ])('says what does not fit: %s', (reason, json) => {
    const text = typeof json === 'string' ? json : JSON.stringify(json)
    expect(parseGoldenRows(text, manifest)).toEqual({ ok: false, reason: expect.stringContaining(reason) })
  })
})

describe('differingTask', () => {
  const differs = (row: number, spend: readonly number[]): boolean => {
    if (!golden.ok) throw new Error(golden.reason)
    return differingTask(golden.value, { heads, row, got: { spend } }) === 'spend'
  }

  it('holds raw outputs to 1e-4, relative to those above 1, and answers to 1e-5 of their unit', () => {
    expect(differs(0, [2])).toBe(false)
    expect(differs(0, [2.000_009])).toBe(false)
    // Within 1e-4 of 2, and more than 1e-5 of the scale away as an amount of 20.
    expect(differs(0, [2.000_1])).toBe(true)
    expect(differs(1, [300.000_009])).toBe(false)
    expect(differs(1, [301])).toBe(true)
  })

  it.each([[[]], [[2, 2]], [[Number.NaN]], [[Infinity]]])('takes %j for no output', (spend) => {
    expect(differs(0, spend)).toBe(true)
  })
})
