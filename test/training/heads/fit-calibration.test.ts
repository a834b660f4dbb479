import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { probabilitiesOf } from '../../../features/heads/calibration.ts'
import type { Calibration } from '../../../features/heads/head.ts'
import { createRandom } from '../../../features/random.ts'
import type { Random } from '../../../features/random.ts'
import { fitCalibration } from '../../../training/heads/fit-calibration.ts'
import type { CalibrationData } from '../../../training/heads/fit-calibration.ts'

interface World {
  readonly examples: number
  /** By how much the truth lies above the logits in favour of the last class. */
  readonly move?: number
  /** By how much the logits are too sharp. */
  readonly sharpness?: number
  readonly width?: number
  readonly examplesOfUser?: number
}

/** Logits of a model that is right but for what is told, and what came. */
function draw(random: Random, world: World): CalibrationData {
  const { examples, move = 0, sharpness = 1, width = 2, examplesOfUser = 1 } = world
  const rows = Array.from({ length: examples }, () => {
    const logits = Array.from({ length: width }, (_, index) => random.normal() - index)
    const truth = logits.map((logit, index) => logit + (index === width - 1 ? move : 0))
    const target = pick(probabilitiesOf(truth, { temperature: 1, bias: truth.map(() => 0) }), random)
    return { logits: logits.map((logit) => sharpness * logit), target }
  })
  return {
    logits: rows.flatMap(({ logits }) => logits),
    targets: rows.map(({ target }) => target),
    userIds: rows.map((_, row) => `user-${Math.floor(row / examplesOfUser)}`),
    bias: Array.from({ length: width }, () => 0),
  }
}

function pick(probabilities: readonly number[], random: Random): number {
  let left = random.next()
  const index = probabilities.findIndex((probability) => (left -= probability) < 0)
  return index < 0 ? probabilities.length - 1 : index
}

function lossOf(calibration: Calibration, { logits, targets, bias }: CalibrationData): number {
  const width = bias.length
  let loss = 0
  for (let row = 0; row < targets.length; row += 1) {
    const own = Array.from({ length: width }, (_, index) => logits[row * width + index] ?? NaN)
    loss -= Math.log(probabilitiesOf(own, calibration)[targets[row] ?? 0] ?? NaN)
  }
  return loss / targets.length
}

/** Mean loss on many later examples, by what was fitted on few, over many draws; beside no calibration. */
function later(world: World, draws: number): { fitted: number; untouched: number } {
  const random = createRandom(7)
  const { move = 0, sharpness = 1, width = 2 } = world
  const test = draw(random, { examples: 4_000, move, sharpness, width })
  const losses = Array.from({ length: draws }, () => lossOf(fitCalibration(draw(random, world)), test))
  const untouched = lossOf({ temperature: 1, bias: test.bias }, test)
  return { fitted: losses.reduce((sum, loss) => sum + loss, 0) / draws, untouched }
}

/** The best temperature without intercepts, by looking everywhere. */
function bestTemperatureAlone(data: CalibrationData): number {
  const temperatures = Array.from({ length: 76 }, (_, step) => 0.25 + step / 20)
  return Math.min(...temperatures.map((temperature) => lossOf({ temperature, bias: data.bias }, data)))
}

describe('fitCalibration', () => {
  it('finds the temperature and the move of base rates that many examples were drawn with', () => {
    const data = draw(createRandom(1), { examples: 10_000, move: 0.4, sharpness: 2, width: 3 })
    const { temperature, bias } = fitCalibration(data)
    expect(temperature).toBeCloseTo(2, 0)
    // In logits as sharp as those given; what counts are differences between classes.
    const [first = NaN, second = NaN, third = NaN] = bias.map((value) => value / temperature)
    expect(Math.abs(third - first - 0.4)).toBeLessThan(0.1)
    expect(Math.abs(second - first)).toBeLessThan(0.1)
  })

  it('beats the best temperature alone where base rates have moved', () => {
    const random = createRandom(2)
    const world = { move: 0.6, width: 2 }
    const fitted = fitCalibration(draw(random, { ...world, examples: 2_000 }))
    const test = draw(random, { ...world, examples: 6_000 })
    expect(lossOf(fitted, test)).toBeLessThan(bestTemperatureAlone(test) - 0.01)
  })

  it.each([30, 100, 400])('does no harm where %d examples are all and nothing has moved', (examples) => {
    const { fitted, untouched } = later({ examples }, 40)
    // Two numbers fitted without priors cost a nat of all examples together (Akaike).
    expect(fitted - untouched).toBeLessThan(Math.min(0.006, 0.9 / examples))
  })

  it('does no harm where many examples are of few users', () => {
    // All of a user is like one example: 40 users are worth no more than 40.
    const random = createRandom(3)
    const fitted = Array.from({ length: 20 }, () => {
      const { logits, targets, bias } = draw(random, { examples: 40 })
      const repeat = (values: ArrayLike<number>, width: number): number[] =>
        Array.from({ length: 50 * 40 * width }, (_, place) => values[place % (40 * width)] ?? NaN)
      return fitCalibration({
        logits: repeat(logits, 2),
        targets: repeat(targets, 1),
        userIds: Array.from({ length: 2_000 }, (_, row) => `user-${row % 40}`),
        bias,
      })
    })
    const test = draw(random, { examples: 4_000 })
    const mean = fitted.reduce((sum, calibration) => sum + lossOf(calibration, test), 0) / fitted.length
    expect(mean - lossOf({ temperature: 1, bias: test.bias }, test)).toBeLessThan(0.5 / 40)
  })

  it('follows a move the more, the more examples show it', () => {
    const random = createRandom(4)
    const moves = [20, 200, 20_000].map((examples) => {
      const { temperature, bias } = fitCalibration(draw(random, { examples, move: -1 }))
      return ((bias[1] ?? NaN) - (bias[0] ?? NaN)) / temperature
    })
    expect(moves[0]).toBeGreaterThan(-0.8)
    expect(moves[2]).toBeCloseTo(-1, 1)
    expect(moves.toSorted((a, b) => b - a)).toEqual(moves)
  })

  it('changes nothing where there are no examples', () => {
    expect(fitCalibration({ logits: [], targets: [], userIds: [], bias: [0, -1.5] })).toEqual({
      temperature: 1,
      bias: [0, -1.5],
    })
  })

  it('gives numbers in range, whatever the logits, and is no worse by its own measure than to change nothing', () => {
    const anyLogit = fc.double({ min: -30, max: 30, noNaN: true })
    const anyRow = fc.record({ logits: fc.tuple(anyLogit, anyLogit, anyLogit), target: fc.nat(2) })
    fc.assert(
      fc.property(fc.array(anyRow, { minLength: 1, maxLength: 40 }), (rows) => {
        const data: CalibrationData = {
          logits: rows.flatMap(({ logits }) => logits),
          targets: rows.map(({ target }) => target),
          userIds: rows.map((_, row) => String(row)),
          bias: [0, -2, 0],
        }
        const calibration = fitCalibration(data)
        expect(calibration.temperature).toBeGreaterThanOrEqual(0.25)
        expect(calibration.temperature).toBeLessThanOrEqual(4)
        for (const value of calibration.bias) expect(Math.abs(value)).toBeLessThan(100)
        expect(lossOf(calibration, data)).toBeLessThanOrEqual(
          lossOf({ temperature: 1, bias: data.bias }, data) + 1e-9,
        )
      }),
      { numRuns: 100 },
    )
  })
})
