import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import {
  amountDeviance,
  binaryLogLoss,
  meanLossOf,
  softmaxLogLoss,
  squaredError,
} from '../../../training/trees/objective.ts'
import { boostWorld, categories, drawTargets, numbers } from './build-tree-world.ts'
import type { World } from './build-tree-world.ts'

const ROWS = 4000

function draw(count: number, one: () => number): number[] {
  return Array.from({ length: count }, one)
}

/** Log loss above that of the truth, on rows of their own. */
async function excessOf(
  worldOf: (seed: number) => World & { readonly logits: readonly number[] },
  settings = {},
): Promise<number> {
  const [train, validation, test] = [1, 2, 3].map(worldOf) as [World, World, ReturnType<typeof worldOf>]
  const boosted = await boostWorld(train, { validation, settings })
  const truth = meanLossOf(binaryLogLoss, { scores: Float64Array.from(test.logits), targets: test.targets })
  return meanLossOf(binaryLogLoss, { scores: boosted.score(test.columns), targets: test.targets }) / truth - 1
}

function worldFrom(seed: number, logitOf: (row: readonly number[]) => number, width: number) {
  const random = createRandom(seed)
  const rows = Array.from({ length: ROWS }, () => draw(width, () => random.normal()))
  const logits = rows.map(logitOf)
  const columns = Array.from({ length: width }, (_, place) => numbers(rows.map((row) => row[place] ?? 0)))
  return { columns, logits, targets: drawTargets(logits, random) }
}

describe('boosted trees', () => {
  it('come near the truth where effects add up', async () => {
    const excess = await excessOf((seed) =>
      worldFrom(seed, ([a = 0, b = 0, c = 0]) => 1.5 * a - Math.abs(b) + Math.sin(2 * c), 5),
    )
    expect(excess).toBeLessThan(0.04)
  })

  it('learn that two columns tell together what neither tells alone', async () => {
    const worldOf = (seed: number) => worldFrom(seed, ([a = 0, b = 0]) => (a * b > 0 ? 2 : -2), 3)
    expect(await excessOf(worldOf)).toBeLessThan(0.06)
    // Trees of two leaves add up effects of one column each.
    expect(await excessOf(worldOf, { leavesMax: 2, rowsALeaf: 1 })).toBeGreaterThan(0.3)
  })

  it('tell by missing numbers what they say, on the side where it is so', async () => {
    const worldOf = (seed: number) => {
      const random = createRandom(seed)
      const values = draw(ROWS, () => (random.next() < 0.3 ? Number.NaN : random.normal()))
      // Those that miss are as those of high numbers, not as the mean.
      const logits = values.map((value) => (Number.isNaN(value) || value > 1 ? 2 : -1))
      return { columns: [numbers(values)], logits, targets: drawTargets(logits, random) }
    }
    expect(await excessOf(worldOf)).toBeLessThan(0.02)
    const boosted = await boostWorld(worldOf(1))
    const [missing = 0, high = 0, middle = 0] = boosted.score([numbers([Number.NaN, 2, 0])])
    expect(missing).toBeCloseTo(high, 0)
    expect(missing - middle).toBeGreaterThan(2)
  })

  it('take a category of a thousand values for what it tells, and no more', async () => {
    const worldOf = (kind: 'tells' | 'tells nothing' | 'hidden') => (seed: number) => {
      const random = createRandom(seed)
      const effects = createRandom(99)
      const effectOf = draw(1000, () => (kind === 'tells nothing' ? 0 : 1.5 * effects.normal()))
      const codes = draw(2 * ROWS, () => Math.floor(1000 * random.next() ** 3))
      const known = draw(2 * ROWS, () => random.normal())
      const logits = codes.map((code, row) => (effectOf[code] ?? 0) + (known[row] ?? 0))
      const shown = kind === 'hidden' ? codes.map(() => 0) : codes
      return {
        columns: [numbers(known), categories(shown, 1000)],
        logits,
        targets: drawTargets(logits, random),
      }
    }
    expect(await excessOf(worldOf('tells'))).toBeLessThan(0.7 * (await excessOf(worldOf('hidden'))))
    expect(await excessOf(worldOf('tells nothing'))).toBeLessThan(0.025)
  })

  it.each([1, -1])(
    'give a value that training never saw what most of the rest says, be it %d',
    async (sign) => {
      const random = createRandom(4)
      const codes = draw(ROWS, () => random.integer(8))
      const targets = drawTargets(
        codes.map((code) => sign * (code === 3 ? 3 : -1)),
        random,
      )
      const boosted = await boostWorld({ columns: [categories(codes, 20)], targets })
      const scores = boosted.score([categories([3, 5, 17], 20)])
      const [special = 0, other = 0, unseen = 0] = scores.map((score) => sign * score)
      expect(unseen).toBeLessThan(special - 2)
      expect(Math.abs(unseen - other)).toBeLessThan(0.5)
    },
  )

  it.each([1, -1])('give a missing number that never missed what most rows say, be it %d', async (sign) => {
    const random = createRandom(4)
    const values = draw(ROWS, () => sign * (random.next() - 0.25))
    const targets = drawTargets(
      values.map((value) => (sign * value < 0 ? 3 : -1)),
      random,
    )
    const boosted = await boostWorld({ columns: [numbers(values)], targets })
    const [few = 0, most = 0, missing = 0] = boosted.score([numbers([-0.1 * sign, 0.4 * sign, Number.NaN])])
    expect(missing).toBeLessThan(few - 2)
    expect(Math.abs(missing - most)).toBeLessThan(0.5)
  })

  it('learn nothing from constant columns, and everything from the others', async () => {
    const constant = (seed: number) => {
      const world = worldFrom(seed, ([a = 0]) => 2 * a, 1)
      return {
        ...world,
        columns: [numbers(draw(ROWS, () => 7)), numbers(draw(ROWS, () => Number.NaN)), ...world.columns],
      }
    }
    expect(await excessOf(constant)).toBeLessThan(0.03)
    const boosted = await boostWorld(constant(1), { settings: { columnShare: 1 } })
    const used = boosted.rounds.flat().flatMap(({ splits }) => splits.map(({ column }) => column))
    expect(new Set(used)).toEqual(new Set([2]))
  })

  it('stand infinite and huge numbers', async () => {
    const random = createRandom(5)
    const extremes = [Infinity, -Infinity, 3.4e38, -3.4e38, 0, 1e-40]
    const values = draw(ROWS, () => extremes[random.integer(extremes.length)] ?? 0)
    const targets = drawTargets(
      values.map((value) => (value > 1e38 ? 2 : -2)),
      random,
    )
    const boosted = await boostWorld({ columns: [numbers(values)], targets })
    const scores = boosted.score([numbers(extremes)])
    expect([...scores].every(Number.isFinite)).toBe(true)
    expect([...scores].map((score) => score > 0)).toEqual([true, false, true, false, false, false])
  })

  it('never fall where they must not, whatever the other columns say', async () => {
    const worldOf = (seed: number) =>
      worldFrom(seed, ([a = 0, b = 0]) => a + 1.5 * Math.sin(3 * a) + b * a, 2)
    const steps = draw(200, () => 0).map((_, place) => -3 + (6 * place) / 199)
    const fallsOf = async (directions: readonly (0 | 1)[]) => {
      const boosted = await boostWorld(worldOf(1), { directions })
      return [-2, -1, 0, 1, 2].map((b) => {
        const scores = boosted.score([numbers(steps), numbers(steps.map(() => b))])
        return scores.filter((score, place) => score < (scores[place - 1] ?? -Infinity)).length
      })
    }
    expect(await fallsOf([1, 0])).toEqual([0, 0, 0, 0, 0])
    expect(Math.max(...(await fallsOf([0, 0])))).toBeGreaterThan(0)
  })

  it('tell several classes', async () => {
    const random = createRandom(6)
    const values = draw(ROWS, () => random.next() * 3)
    const targets = Float32Array.from(values, (value) =>
      random.next() < 0.8 ? Math.floor(value) : random.integer(3),
    )
    const objective = softmaxLogLoss(3)
    const boosted = await boostWorld({ columns: [numbers(values)], targets }, { objective, start: [0, 0, 0] })
    const scores = boosted.score([numbers([0.5, 1.5, 2.5])])
    const shares = [0, 1, 2].map((row) => {
      const own = [...scores.subarray(3 * row, 3 * row + 3)].map(Math.exp)
      return (own[row] ?? 0) / own.reduce((sum, value) => sum + value, 0)
    })
    for (const share of shares) expect(share).toBeCloseTo(0.87, 1)
  })

  it.each([1, 1.3])('tell the means of amounts that are mostly zero, by power %s', async (power) => {
    const random = createRandom(7)
    const values = draw(2 * ROWS, () => random.integer(2))
    const targets = Float32Array.from(values, (value) =>
      random.next() < 0.3 ? random.exponential(value === 1 ? 0.2 : 1) : 0,
    )
    const boosted = await boostWorld(
      { columns: [numbers(values)], targets },
      { objective: amountDeviance(power), start: [0] },
    )
    const [low = 0, high = 0] = Array.from(boosted.score([numbers([0, 1])]), (score) =>
      Math.log1p(Math.exp(score)),
    )
    expect(low).toBeGreaterThan(0.26)
    expect(low).toBeLessThan(0.36)
    expect(high).toBeGreaterThan(1.3)
    expect(high).toBeLessThan(1.75)
  })

  it('tell the means of any amounts', async () => {
    const random = createRandom(8)
    const values = draw(ROWS, () => random.integer(2))
    const targets = Float32Array.from(values, (value) => 4 * value - 2 + random.normal())
    const boosted = await boostWorld({ columns: [numbers(values)], targets }, { objective: squaredError })
    const [low = 0, high = 0] = boosted.score([numbers([0, 1])])
    expect(low).toBeCloseTo(-1.9, 0)
    expect(high).toBeCloseTo(1.9, 0)
  })

  it('stop where validation is best, and grow nothing where there is nothing to learn', async () => {
    const noise = (seed: number) => worldFrom(seed, () => 0, 3)
    const boosted = await boostWorld(noise(1), { validation: noise(2), settings: { patienceRounds: 20 } })
    expect(boosted.rounds.length).toBeLessThan(10)
  })

  it('go on past a tree whose columns tell nothing, where the next may draw others', async () => {
    const { columns, targets } = worldFrom(1, ([a = 0]) => 3 * a, 1)
    const constants = Array.from({ length: 9 }, () => numbers(draw(ROWS, () => 1)))
    const boosted = await boostWorld(
      { columns: [...constants, ...columns], targets },
      { settings: { rowShare: 1, columnShare: 0.1 }, rounds: 40 },
    )
    expect(boosted.rounds).toHaveLength(40)
  })

  it('give the same trees for the same seed, others for another', async () => {
    const world = worldFrom(1, ([a = 0, b = 0]) => a - b, 4)
    const [first, again, other] = await Promise.all(
      [1, 1, 2].map(async (seed) => (await boostWorld(world, { seed, rounds: 20 })).rounds),
    )
    expect(again).toEqual(first)
    expect(other).not.toEqual(first)
  })
})
