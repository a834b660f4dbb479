import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decode, priorAnswers } from '../../features/decode.ts'
import { probabilitiesOf } from '../../features/heads/calibration.ts'
import type { Head } from '../../features/heads/head.ts'
import { FEATURE_VERSION } from '../../features/manifest.ts'
import type { Manifest } from '../../features/manifest.ts'
import { nextEvent, occurs, total } from '../../features/project.ts'
import { buildFeatures } from './generated.ts'

const base = { basis: 'model', temperature: 1 } as const
const heads: Head[] = [
  {
    ...base,
    task: 'buys',
    declaration: occurs('purchase', { withinDays: 7 }),
    kind: 'probability',
    classes: ['no', 'yes'],
    prior: [0.9, 0.1],
    newcomerPrior: [0.97, 0.03],
    bias: [0, 0],
  },
  {
    ...base,
    task: 'next',
    declaration: nextEvent({ withinDays: 7 }),
    kind: 'choice',
    classes: ['a', 'b', 'c'],
    prior: [0.2, 0.5, 0.3],
    newcomerPrior: [0.6, 0.2, 0.2],
    bias: [0, 0, 0],
  },
  {
    task: 'spend',
    declaration: total('purchase', { withinDays: 7 }),
    kind: 'amount',
    basis: 'model',
    prior: [12],
    newcomerPrior: [3],
    scale: 12,
    link: 'softplus',
    factor: 2,
  },
]
const manifest: Manifest = {
  featureVersion: FEATURE_VERSION,
  project: 'shop',
  family: 'softmax',
  features: buildFeatures(),
  inputs: [],
  heads,
  files: [],
}

/** The manifest with one head changed. */
function withHead(task: string, change: Partial<Head>): Manifest {
  const changed = heads.map((head) => (head.task === task ? ({ ...head, ...change } as Head) : head))
  return { ...manifest, heads: changed }
}

describe('decode', () => {
  it('gives probabilities that sum to 1 for any finite logits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e30, max: 1e30, noNaN: true }), { minLength: 2, maxLength: 9 }),
        fc.double({ min: 0.25, max: 4, noNaN: true }),
        (logits, temperature) => {
          const probabilities = probabilitiesOf(logits, { temperature, bias: logits.map(() => 0) })
          expect(probabilities.every((p) => p >= 0 && p <= 1)).toBe(true)
          expect(probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 12)
        },
      ),
    )
  })

  it('answers each task in its own words', () => {
    const answers = decode(manifest, { buys: [0, Math.log(3)], next: [0, 5, 0], spend: [0] })
    expect(answers['buys']).toEqual({ probability: expect.closeTo(0.75, 12) })
    expect(answers['next']).toMatchObject({ value: 'b' })
    expect(answers['spend']).toEqual({ expected: expect.closeTo(24 * Math.log(2), 12) })
  })

  it('undoes class weights before the temperature', () => {
    const weighted = { temperature: 2, bias: [0, -Math.log(4)] }
    const [no = 0, yes = 0] = probabilitiesOf([0, Math.log(4 * 9)], weighted)
    expect(yes / no).toBeCloseTo(3, 12)
  })

  it('refuses outputs that are missing or not finite', () => {
    expect(() => decode(manifest, { buys: [0, 1], next: [0, 1, 2] })).toThrow(/spend.*expected 1 finite/)
    expect(() => decode(manifest, { buys: [0, Number.NaN], next: [0, 1, 2], spend: [0] })).toThrow(/buys/)
  })

  it('lets amounts be below zero where the head may', () => {
    const answers = decode(withHead('spend', { link: 'identity' }), {
      buys: [0, 0],
      next: [0, 0, 0],
      spend: [-1],
    })
    expect(answers['spend']).toEqual({ expected: -24 })
  })

  it('answers a task without skill by the prior, says so, and leaves the others alone', () => {
    const outputs = { buys: [0, 9], next: [0, 5, 0], spend: [0] }
    const answers = decode(withHead('buys', { basis: 'prior' }), outputs)
    expect(answers['buys']).toEqual({ probability: 0.1, basis: 'prior' })
    expect(answers['next']).toEqual(decode(manifest, outputs)['next'])
  })

  it('refuses an amount that overflows', () => {
    const huge = withHead('spend', { scale: 1e308, factor: 1_000 })
    expect(() => decode(huge, { buys: [0, 0], next: [0, 0, 0], spend: [5] })).toThrow(/no finite answer/)
  })

  it('has an answer without a model, for newcomers another than for everyone', () => {
    expect(priorAnswers(manifest, 'everyone')).toEqual({
      buys: { probability: 0.1 },
      next: { value: 'b', probabilities: { a: 0.2, b: 0.5, c: 0.3 } },
      spend: { expected: 12 },
    })
    expect(priorAnswers(manifest, 'newcomer')).toEqual({
      buys: { probability: 0.03 },
      next: { value: 'a', probabilities: { a: 0.6, b: 0.2, c: 0.2 } },
      spend: { expected: 3 },
    })
  })
})
