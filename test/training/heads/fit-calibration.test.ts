import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitTemperature, probabilitiesOf } from '../../features/calibration.ts'
import type { CalibrationData } from '../../features/calibration.ts'
import { createRandom } from '../../features/random.ts'

interface Drawn {
  readonly temperature: number
  readonly bias?: readonly number[]
  readonly rows?: number
}

/** Outcomes drawn by the calibrated probabilities of logits [rows, 3]: the temperature is known. */
function drawData({ temperature, bias = [0, 0, 0], rows = 8_000 }: Drawn): CalibrationData {
  const random = createRandom(3)
  const logits: number[] = []
  const targets: number[] = []
  for (let row = 0; row < rows; row += 1) {
    const own = bias.map(() => 2 * temperature * random.normal())
    logits.push(...own)
    targets.push(random.pick(probabilitiesOf(own, { temperature, bias })))
  }
  return { logits, targets, bias }
}

function meanLogLoss({ logits, targets, bias }: CalibrationData, temperature: number): number {
  const losses = Array.from(targets, (target, row) => {
    const own = Array.from(bias, (_, index) => logits[row * bias.length + index] ?? NaN)
    return -Math.log(probabilitiesOf(own, { temperature, bias })[target] ?? NaN)
  })
  return losses.reduce((sum, loss) => sum + loss) / losses.length
}

describe('probabilitiesOf', () => {
  it('is a softmax', () => {
    const [a = 0, b = 0, c = 0] = probabilitiesOf([1, 2, 4], { temperature: 1, bias: [0, 0, 0] })
    expect(b / a).toBeCloseTo(Math.E, 12)
    expect(c / b).toBeCloseTo(Math.E ** 2, 12)
  })

  it('gives back the shares of a model that was trained with class weights and learned those alone', () => {
    const anyClasses = fc.array(
      fc.record({
        share: fc.double({ min: 0.01, max: 1, noNaN: true }),
        weight: fc.double({ min: 1, max: 10, noNaN: true }),
      }),
      { minLength: 2, maxLength: 6 },
    )
    fc.assert(
      fc.property(anyClasses, (classes) => {
        const whole = classes.reduce((sum, { share }) => sum + share, 0)
        // Such a model answers in proportion to share × weight.
        const logits = classes.map(({ share, weight }) => Math.log(share * weight))
        const bias = classes.map(({ weight }) => -Math.log(weight))
        for (const [index, probability] of probabilitiesOf(logits, { temperature: 1, bias }).entries()) {
          expect(probability).toBeCloseTo((classes[index]?.share ?? NaN) / whole, 12)
        }
      }),
    )
  })

  it('draws nearer to even as the temperature rises, and never changes the order', () => {
    const logits = [0.3, 2, -1]
    const at = (temperature: number): number[] => probabilitiesOf(logits, { temperature, bias: [0, 0, 0] })
    const tops = [0.25, 0.5, 1, 2, 4].map((temperature) => at(temperature)[1] ?? NaN)
    expect(tops.toSorted((a, b) => b - a)).toEqual(tops)
    for (const probabilities of [at(0.25), at(4)]) {
      expect(probabilities.indexOf(Math.max(...probabilities))).toBe(1)
      expect(probabilities.indexOf(Math.min(...probabilities))).toBe(2)
    }
  })
})

describe('fitTemperature', () => {
  it.each([0.4, 1, 2.5])('finds a temperature of %d again', (temperature) => {
    expect(fitTemperature(drawData({ temperature })) / temperature).toBeCloseTo(1, 1)
  })

  it('undoes class weights before it looks for the temperature', () => {
    const data = drawData({ temperature: 2, bias: [0, -3, 1] })
    expect(fitTemperature(data) / 2).toBeCloseTo(1, 1)
    expect(Math.abs(fitTemperature({ ...data, bias: [0, 0, 0] }) / 2 - 1)).toBeGreaterThan(0.1)
  })

  it('has the lowest log loss of all temperatures', () => {
    const data = drawData({ temperature: 1.7, rows: 500 })
    const fitted = fitTemperature(data)
    for (const factor of [0.5, 0.9, 0.99, 1.01, 1.1, 2]) {
      expect(meanLogLoss(data, fitted * factor)).toBeGreaterThan(meanLogLoss(data, fitted))
    }
  })

  it('stays between a quarter and four, however sure or unsure the outcomes', () => {
    const right = { logits: [1, 0, 0, 1], targets: [0, 1], bias: [0, 0] }
    expect(fitTemperature(right)).toBeCloseTo(0.25, 5)
    expect(fitTemperature({ ...right, targets: [1, 0] })).toBeCloseTo(4, 5)
  })

  it('leaves logits as they are where there is nothing to learn from', () => {
    expect(fitTemperature({ logits: [], targets: [], bias: [0, 0] })).toBe(1)
  })
})
