import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { probabilitiesOf } from '../../features/calibration.ts'
import { decode, priorAnswers } from '../../features/decode.ts'
import type { Head, Manifest } from '../../features/manifest.ts'
import { buildFeatures } from './generated.ts'

const plain = { temperature: 1, scale: 1 }
const heads: Head[] = [
  { ...plain, task: 'buys', kind: 'occurs', classes: ['no', 'yes'], prior: [0.9, 0.1], bias: [0, 0] },
  {
    ...plain,
    task: 'next',
    kind: 'nextEvent',
    classes: ['a', 'b', 'c'],
    prior: [0.2, 0.5, 0.3],
    bias: [0, 0, 0],
  },
  { ...plain, task: 'spend', kind: 'total', classes: [], prior: [12], bias: [0], scale: 12 },
]
const manifest: Manifest = {
  featureVersion: 1,
  project: 'shop',
  family: 'softmax',
  features: buildFeatures(),
  inputs: [],
  heads,
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
    expect(answers['spend']).toEqual({ expected: expect.closeTo(12 * Math.log(2), 12) })
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

  it('has an answer without a model', () => {
    expect(priorAnswers(manifest)).toEqual({
      buys: { probability: 0.1 },
      next: { value: 'b', probabilities: { a: 0.2, b: 0.5, c: 0.3 } },
      spend: { expected: 12 },
    })
  })
})
