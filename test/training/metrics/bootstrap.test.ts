import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import type { Random } from '../../../features/random.ts'
import { differencesOf, intervalsOf, resample } from '../../../training/metrics/bootstrap.ts'
import { measureClasses } from '../../../training/metrics/measure-classes.ts'
import type { Measure } from '../../../training/metrics/measure.ts'
import { alike } from '../../../training/metrics/weights.ts'

const DRAWS = 150

interface World {
  readonly userIds: readonly string[]
  readonly probabilities: Float64Array
  readonly targets: Int32Array
}

/** Users of five moments whose answers are calibrated, and whose moments mostly turn out alike. */
function worldOf(random: Random, users: number): World {
  const rows = Array.from({ length: users }, (_, user) => {
    const p = 0.1 + 0.6 * random.next()
    const own = random.next() < p
    return Array.from({ length: 5 }, () => {
      const came = random.next() < 0.7 ? own : random.next() < p
      return { userId: `user-${user}`, p, came }
    })
  }).flat()
  return {
    userIds: rows.map(({ userId }) => userId),
    probabilities: Float64Array.from(rows.flatMap(({ p }) => [1 - p, p])),
    targets: Int32Array.from(rows, ({ came }) => (came ? 1 : 0)),
  }
}

const measureOf = (world: World): Measure => measureClasses({ ...world, classCount: 2 })

describe('intervalsOf', () => {
  it('hold the truth in 95 of 100 worlds, though the moments of a user resemble each other', () => {
    const random = createRandom(1)
    const large = worldOf(random.fork('truth'), 20_000)
    const truth = measureOf(large)(alike(large.targets.length))
    const names = [
      'auc',
      'logLoss',
      'brier',
      'averagePrecision',
      'liftAt20',
      'accuracy',
      'predictedOverActual',
    ]
    const held = new Map(names.map((name) => [name, 0]))
    const worlds = 150
    for (let world = 0; world < worlds; world += 1) {
      const drawn = worldOf(random.fork(`world-${world}`), 120)
      const measure = measureOf(drawn)
      const request = { userIds: drawn.userIds, measures: [measure], draws: DRAWS }
      const [draws = new Map()] = resample({ ...request, random: random.fork(`draws-${world}`) })
      const intervals = intervalsOf(measure(alike(drawn.targets.length)), draws)
      for (const name of names) {
        const [low, high] = intervals[name] ?? [NaN, NaN]
        const isHeld = (truth[name] ?? NaN) >= low && (truth[name] ?? NaN) <= high
        held.set(name, (held.get(name) ?? 0) + (isHeld ? 1 : 0))
      }
    }
    for (const [name, count] of held) {
      expect(count / worlds, name).toBeGreaterThan(0.89)
      expect(count / worlds, name).toBeLessThan(0.99)
    }
  })

  it('lie around what was measured, of the calibration error too, to which drawing adds', () => {
    const world = worldOf(createRandom(2), 150)
    const measure = measureOf(world)
    const measured = measure(alike(world.targets.length))
    const [draws = new Map()] = resample({
      userIds: world.userIds,
      measures: [measure],
      draws: DRAWS,
      random: createRandom(3),
    })
    const intervals = intervalsOf(measured, draws)
    for (const [name, [low, high]] of Object.entries(intervals)) {
      expect(measured[name], name).toBeGreaterThanOrEqual(low)
      expect(measured[name], name).toBeLessThanOrEqual(high)
    }
    expect(Object.keys(intervals)).toEqual(expect.arrayContaining(['ece', 'gainAt1', 'f1']))
  })

  it('are the same for the same seed', () => {
    const world = worldOf(createRandom(2), 50)
    const of = (seed: number): object => {
      const [draws = new Map()] = resample({
        userIds: world.userIds,
        measures: [measureOf(world)],
        draws: 100,
        random: createRandom(seed),
      })
      return intervalsOf(measureOf(world)(alike(world.targets.length)), draws)
    }
    expect(of(1)).toEqual(of(1))
    expect(of(1)).not.toEqual(of(2))
  })
})

describe('differencesOf', () => {
  const compare = (world: World, other: Float64Array) => {
    const measures = [measureOf(world), measureOf({ ...world, probabilities: other })]
    const [own, its] = resample({ userIds: world.userIds, measures, draws: DRAWS, random: createRandom(4) })
    const all = alike(world.targets.length)
    const [one, two] = measures.map((measure) => measure(all))
    return differencesOf(
      { measured: one ?? {}, draws: own ?? new Map() },
      { measured: two ?? {}, draws: its ?? new Map() },
    )
  }

  it('see a small harm that the intervals of the two would hide, for both answer the same moments', () => {
    const world = worldOf(createRandom(5), 300)
    const worse = world.probabilities.map((p, place) => (place % 2 === 0 ? p - 0.12 : p + 0.12))
    const { logLoss, auc } = compare(world, worse)
    expect(logLoss?.difference).toBeLessThan(0)
    expect(logLoss?.p).toBeLessThan(0.05)
    // The order of the answers is the same.
    expect(auc).toMatchObject({ difference: 0, p: 1 })
  })

  it('call a rival as good worse by chance in about one world of twenty', () => {
    let called = 0
    for (let seed = 0; seed < 120; seed += 1) {
      const random = createRandom(seed)
      const world = worldOf(random, 100)
      const noise = new Map(world.userIds.map((userId) => [userId, 0.03 * random.normal()]))
      const moved = (sign: number): Float64Array =>
        world.probabilities.map((p, place) => {
          const by = sign * (noise.get(world.userIds[place >> 1] ?? '') ?? 0)
          return Math.min(0.99, Math.max(0.01, p + (place % 2 === 0 ? -by : by)))
        })
      const { logLoss } = compare({ ...world, probabilities: moved(1) }, moved(-1))
      if ((logLoss?.p ?? 1) <= 0.05) called += 1
    }
    expect(called / 120).toBeLessThan(0.1)
  })
})
