import { describe, expect, it } from 'vitest'
import type { Event } from '../../features/event.ts'
import { headKindOfTask } from '../../features/heads/kinds.ts'
import {
  DAY_MS,
  absent,
  category,
  count,
  defineProject,
  nextEvent,
  occurs,
  total,
} from '../../features/project.ts'
import type { Task } from '../../features/project.ts'
import { createRandom, shuffle } from '../../features/random.ts'
import type { Random } from '../../features/random.ts'
import { target } from '../../features/target.ts'
import { BOT_ID } from '../../simulation/bot.ts'
import { defineSimulator } from '../../simulation/domain.ts'
import type { Behaviour } from '../../simulation/domain.ts'
import { simulatorByName, trueNextEvent, trueTask } from '../../simulation/index.ts'
import type { Law, Simulator, World } from '../../simulation/index.ts'
import { createLaw } from '../../simulation/law.ts'
import { shopSimulator } from '../../simulation/shop.ts'
import { END_MS, askOnce, buildSimulation } from './build-simulation.ts'
import type { Asked } from './build-simulation.ts'

/** How many standard errors what came true may lie from what was predicted. */
const ERRORS_MAX = 4
const BINS = 4

interface Prediction {
  readonly predicted: number
  /** 1 where it came true, or the amount. */
  readonly actual: number
  /** Predictions are grouped by this. It must not share the noise of `predicted`. */
  readonly groupBy: number
}

/**
 * For each bin of equally much uncertainty, how many standard errors more came true than was predicted.
 * Predictions are those of independent users.
 */
function deviations(predictions: readonly Prediction[]): number[] {
  const sorted = predictions.toSorted((a, b) => a.groupBy - b.groupBy)
  const varianceOf = ({ predicted }: Prediction): number => predicted * (1 - predicted)
  const whole = sorted.reduce((sum, prediction) => sum + varianceOf(prediction), 0)
  let passed = 0
  const bins = Map.groupBy(sorted, (prediction) => {
    passed += varianceOf(prediction)
    return Math.min(BINS - 1, Math.floor((BINS * passed) / whole))
  })
  return [...bins.values()].map((bin) => {
    const surplus = bin.reduce((sum, { actual, predicted }) => sum + actual - predicted, 0)
    return surplus / Math.sqrt(bin.reduce((sum, prediction) => sum + varianceOf(prediction), 0))
  })
}

/** Likewise for amounts, in bins of as much to be expected; the standard error is the bin's own. */
function amountDeviations(predictions: readonly Prediction[]): number[] {
  const sorted = predictions.toSorted((a, b) => a.groupBy - b.groupBy)
  const whole = sorted.reduce((sum, { predicted }) => sum + predicted, 0)
  let passed = 0
  const bins = Map.groupBy(sorted, ({ predicted }) => {
    passed += predicted
    return Math.min(BINS - 1, Math.floor((BINS * passed) / whole))
  })
  return [...bins.values()].map((bin) => {
    const errors = bin.map(({ actual, predicted }) => actual - predicted)
    const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length
    const variance = errors.reduce((sum, error) => sum + (error - mean) ** 2, 0) / (errors.length - 1)
    return mean / Math.sqrt(variance / errors.length)
  })
}

function expectTruth(name: string, found: readonly number[]): void {
  expect(found, name).toHaveLength(BINS)
  expect(
    Math.max(...found.map(Math.abs)),
    `${name}: ${found.map((z) => z.toFixed(1)).join(' ')}`,
  ).toBeLessThan(ERRORS_MAX)
}

interface AnswerOptions {
  readonly task: Task
  readonly seed?: string
  readonly runs?: number
}

function answer(asked: Asked, { task, seed = '', runs = 20 }: AnswerOptions): number {
  return trueTask({ ...asked, task, random: createRandom(1).fork(seed), runs })
}

function buildLaw(simulator: Simulator = shopSimulator, world: Partial<World> = {}): Law {
  return createLaw({ simulator, seed: 1, days: 90, endMs: END_MS, world })
}

/** A shopper known by one view, ten days before the end, and by nothing else. */
function buildAsked(overrides: Partial<Asked> = {}): Asked {
  const atMs = END_MS - 10 * DAY_MS
  return {
    law: buildLaw(),
    user: [{ knownAt: atMs, attributes: { plan: 'plus', country: 'DE', age: 40 } }],
    atMs,
    history: [buildView({ occurredAt: atMs })],
    ...overrides,
  }
}

function buildView(overrides: Partial<Event> = {}): Event {
  const occurredAt = overrides.occurredAt ?? END_MS
  const view = { id: 'e1', type: 'view', userId: 'u1', itemId: 'item-0001', properties: { device: 'phone' } }
  return { ...view, occurredAt, receivedAt: occurredAt, ...overrides }
}

describe.each(Object.entries(simulatorByName))('the truth of %s', (_name, simulator) => {
  const asked = askOnce(buildSimulation(simulator, { userCount: 600, days: 120 }))
  const types = Object.keys(simulator.project.events)

  it('tells how often each type comes next', () => {
    const predictions = asked.flatMap((one) => {
      const next = one.history.find((event) => event.occurredAt > one.atMs)
      if (next === undefined) return []
      return [{ next: next.type, truth: trueNextEvent({ ...one, withinMs: END_MS - one.atMs }) }]
    })
    expect(predictions.length).toBeGreaterThan(250)
    for (const type of types) {
      const ofType = predictions.map(({ next, truth }) => {
        const predicted = truth[type] ?? Number.NaN
        return { predicted, groupBy: predicted, actual: next === type ? 1 : 0 }
      })
      expectTruth(type, deviations(ofType))
    }
  })

  it('tells how often a task with a horizon comes true, and how much its total comes to', () => {
    for (const [name, task] of Object.entries(simulator.project.tasks)) {
      if (task.kind === 'nextEvent') continue
      const predictions = asked.map((one, index) => ({
        predicted: answer(one, { task, seed: `predicted/${index}` }),
        groupBy: answer(one, { task, seed: `group/${index}`, runs: 4 }),
        actual:
          target(simulator.project, task, { atMs: one.atMs, events: one.history, knownUntilMs: END_MS }) ??
          Number.NaN,
      }))
      expectTruth(
        name,
        headKindOfTask[task.kind] === 'amount' ? amountDeviations(predictions) : deviations(predictions),
      )
    }
  })

  it('sums to 1 over the types, however long the silence and the time ahead', () => {
    const silencesMs = [0, 1_000, 3_600_000, 30 * DAY_MS, 400 * DAY_MS]
    for (const one of asked.slice(0, 20)) {
      for (const atMs of silencesMs.map((silenceMs) => one.atMs + silenceMs)) {
        for (const withinMs of [1, 60_000, 7 * DAY_MS, Infinity]) {
          const probabilities = Object.values(trueNextEvent({ ...one, atMs, withinMs }))
          expect(probabilities).toHaveLength(types.length)
          expect(probabilities.every((probability) => probability >= 0)).toBe(true)
          expect(probabilities.reduce((sum, probability) => sum + probability)).toBeCloseTo(1, 12)
        }
      }
    }
  })

  it('depends on what was known at the moment alone, in whichever order it is given', () => {
    const random = createRandom(5)
    for (const one of asked.slice(0, 20)) {
      const past = one.history.filter((event) => event.occurredAt <= one.atMs)
      const learnedLate = past.map((event) => ({
        ...event,
        id: `late-${event.id}`,
        receivedAt: one.atMs + 1,
      }))
      for (const history of [past, shuffle([...one.history, ...learnedLate], random)]) {
        expect(trueNextEvent({ ...one, history })).toEqual(trueNextEvent(one))
        for (const task of Object.values(simulator.project.tasks)) {
          if (task.kind === 'nextEvent') continue
          expect(answer({ ...one, history }, { task })).toBe(answer(one, { task }))
        }
      }
    }
  })
})

describe('the truth of a world that can be solved on paper', () => {
  // No visit has a second event, and visits come at random, one a day on average. The next is a 'gain'
  // one time in five, but after a gain nine times in ten.
  const buildWorld = (newVisit: Behaviour<'walk' | 'gain'>['newVisit']): Simulator =>
    defineSimulator({
      project: defineProject({
        name: 'world',
        events: { walk: {}, gain: { value: true } },
        tasks: { gains: occurs('gain', { withinDays: 3 }) },
      }),
      defaults: { userCount: 1, days: 1, world: {} },
      itemCount: 1,
      wanted: 'gain',
      visitGapMinutes: 1,
      sameItem: [],
      drawUser: () => ({}),
      drawItem: () => ({}),
      drawContext: () => ({ weather: 'new' }),
      taste: () => '',
      appeal: () => 1,
      drawValue: () => 10,
      behaviour: () => ({
        stay: () => -Infinity,
        awayDays: () => 1,
        inVisit: () => ({ walk: 0, gain: 0 }),
        newVisit,
      }),
    })
  const world = buildWorld((now) => ({ walk: 0, gain: now.last === 'gain' ? Math.log(9) : -Math.log(4) }))
  const walked: Event = { id: 'e1', type: 'walk', userId: 'u1', occurredAt: END_MS, receivedAt: END_MS }
  const asked = buildAsked({ law: buildLaw(world), history: [walked], atMs: END_MS + DAY_MS })
  const within = { withinDays: 3 }

  it('has the silence of a Poisson process', () => {
    expect(answer(asked, { task: absent(within) })).toBeCloseTo(Math.exp(-3), 12)
  })

  it('has the next types as they were declared', () => {
    expect(trueNextEvent(asked)).toEqual({ walk: expect.closeTo(0.8, 12), gain: expect.closeTo(0.2, 12) })
    const gained = buildAsked({ ...asked, history: [{ ...walked, type: 'gain' }] })
    expect(trueNextEvent(gained)).toEqual({ walk: expect.closeTo(0.1, 12), gain: expect.closeTo(0.9, 12) })
  })

  it('has first gains at a fifth of the rate of visits', () => {
    const gains = answer(asked, { task: occurs('gain', within), runs: 10_000 })
    expect(gains).toBeCloseTo(1 - Math.exp(-0.2 * 3), 2)
  })

  it('has totals that a gain makes grow faster', () => {
    // Of a chain that moves at rate 1: the chance g to stand at 'gain' has g' = 0.2 − 0.3 g, and gains come
    // at the rate 0.2 + 0.7 g; integrated over three days from g = 0.
    const gains = (2 / 3) * 3 - (0.7 * (2 / 3) * (1 - Math.exp(-0.3 * 3))) / 0.3
    const total3Days = answer(asked, { task: total('gain', within), runs: 20_000 })
    expect(total3Days / (10 * gains)).toBeCloseTo(1, 1)
  })

  it('has a new context from the next visit on', () => {
    const fickle = buildWorld((now) => ({
      walk: 0,
      gain: now.context['weather'] === 'new' ? 0 : -Math.log(4),
    }))
    const gains = answer({ ...asked, law: buildLaw(fickle) }, { task: occurs('gain', within), runs: 10_000 })
    // None of n > 0 visits gains with probability 0.8 × 0.5^(n − 1).
    expect(gains).toBeCloseTo(1 - Math.exp(-3) * (1 + 1.6 * (Math.exp(1.5) - 1)), 2)
  })
})

describe('the truth where an attribute changes by itself', () => {
  // No visit has a second event. Somebody calm comes once a day and mostly to walk, somebody keen four times
  // and mostly to gain. Calm turns keen every two days on average, and keen it stays.
  const [calm, keen, turns] = [1, 4, 0.5]
  const simulator = defineSimulator({
    project: defineProject({
      name: 'world',
      events: { walk: {}, gain: {} },
      user: { mood: category() },
      tasks: { gains: occurs('gain', { withinDays: 3 }) },
    }),
    defaults: { userCount: 1, days: 1, world: { driftingAttribute: true } },
    itemCount: 1,
    wanted: 'gain',
    drifting: {
      attribute: 'mood',
      perDay: (user) => (user['mood'] === 'calm' ? turns : 0),
      becomes: { keen: 1 },
    },
    visitGapMinutes: 1,
    sameItem: [],
    drawUser: () => ({ mood: 'calm' }),
    drawItem: () => ({}),
    drawContext: () => ({}),
    taste: () => '',
    appeal: () => 1,
    drawValue: () => 0,
    behaviour: (user) => ({
      stay: () => -Infinity,
      awayDays: () => 1 / (user['mood'] === 'keen' ? keen : calm),
      inVisit: () => ({ walk: 0, gain: 0 }),
      newVisit: () => ({ walk: user['mood'] === 'keen' ? -Infinity : 0, gain: 0 }),
    }),
  })
  const walked: Event = { id: 'e1', type: 'walk', userId: 'u1', occurredAt: END_MS, receivedAt: END_MS }
  const asked: Asked = {
    law: buildLaw(simulator, { driftingAttribute: true }),
    history: [walked],
    user: [
      { knownAt: END_MS, attributes: { mood: 'calm' } },
      { knownAt: END_MS + 5 * DAY_MS, attributes: { mood: 'keen' } },
    ],
    atMs: END_MS + DAY_MS,
  }
  /** The chance to be calm still and without an event after so many days, and to be keen so. */
  const calmFor = (days: number): number => Math.exp(-(calm + turns) * days)
  const keenFor = (days: number): number =>
    (turns / (calm + turns - keen)) * (Math.exp(-keen * days) - calmFor(days))

  it('has the silence of one who may turn at any time', () => {
    const silence = answer(asked, { task: absent({ withinDays: 3 }) })
    expect(silence).toBeCloseTo(calmFor(3) + keenFor(3), 12)
  })

  it('has the next type of one who may turn before', () => {
    // Calm, the first event comes before the turn with this chance, and is then a gain one time in two.
    const calmFirst = calm / (calm + turns)
    expect(trueNextEvent(asked)['gain']).toBeCloseTo(1 - calmFirst / 2, 12)
    const within = trueNextEvent({ ...asked, withinMs: 3 * DAY_MS })
    const walks = (calmFirst * (1 - calmFor(3))) / 2
    expect(within['walk']).toBeCloseTo(walks / (1 - calmFor(3) - keenFor(3)), 12)
  })

  it('has gains by drawing that agree', () => {
    // Gains come at half the rate of calm visits and at that of all keen ones.
    const left = Math.exp(-(calm / 2 + turns) * 3)
    const turned = (turns / (calm / 2 + turns - keen)) * (Math.exp(-keen * 3) - left)
    const gains = answer(asked, { task: occurs('gain', { withinDays: 3 }), runs: 10_000 })
    expect(gains).toBeCloseTo(1 - left - turned, 2)
  })

  it('takes the version that is known at the moment, and weighs the silence by those before', () => {
    const turned = { ...asked, atMs: END_MS + 6 * DAY_MS }
    expect(answer(turned, { task: absent({ withinDays: 1 }) })).toBeCloseTo(Math.exp(-keen), 12)
    expect(trueNextEvent(turned)['gain']).toBeCloseTo(1, 12)
  })

  it('has a silence that drift makes longer from its moment on', () => {
    const law = createLaw({
      simulator,
      seed: 1,
      days: 10,
      endMs: END_MS + 5 * DAY_MS,
      world: { behaviourDrift: true, driftingAttribute: false },
    })
    // Of ten days that began five before the walk, six have passed a day after it: there drift sets in.
    const before = { ...asked, law, user: asked.user.slice(0, 1), atMs: END_MS + DAY_MS / 4 }
    const days = 0.75 + 1.25 / 1.8
    expect(answer(before, { task: absent({ withinDays: 2 }) })).toBeCloseTo(Math.exp(-days), 12)
    const after = { ...before, atMs: END_MS + 2 * DAY_MS }
    expect(answer(after, { task: absent({ withinDays: 1.8 }) })).toBeCloseTo(Math.exp(-1), 12)
  })
})

describe('the truth of a world with faults', () => {
  const project = shopSimulator.project
  const absence = absent({ withinDays: 30 })

  function absences(asked: readonly Asked[], law?: Law): Prediction[] {
    return asked.map((one) => {
      const predicted = answer({ ...one, law: law ?? one.law }, { task: absence })
      const request = { atMs: one.atMs, events: one.history, knownUntilMs: END_MS }
      return { predicted, groupBy: predicted, actual: target(project, absence, request) ?? Number.NaN }
    })
  }
  const errorOf = (predictions: readonly Prediction[]): number =>
    Math.max(...deviations(predictions).map(Math.abs))

  /** The same answers by somebody who takes it that nothing changes from the moment on. */
  const unaware = createLaw({
    simulator: shopSimulator,
    seed: 1,
    days: 120,
    endMs: END_MS,
    world: { followingAttribute: false, driftingAttribute: false },
  })

  it('counts on what the predicted changes: who does not is wrong about those who have just bought', () => {
    const world = { followingAttribute: true, driftingAttribute: false }
    const simulation = buildSimulation(shopSimulator, { userCount: 3_000, days: 120, world })
    const asked = askOnce(simulation).flatMap((one) => {
      const atMs = one.history.find((event) => event.type === 'purchase')?.occurredAt
      return atMs === undefined || atMs > END_MS - 31 * DAY_MS ? [] : [{ ...one, atMs }]
    })
    expectTruth('absence', deviations(absences(asked)))
    expect(errorOf(absences(asked, unaware))).toBeGreaterThan(ERRORS_MAX)
  })

  it('counts on what changes by itself: who does not is wrong about those with most to lose', () => {
    const premium = {
      ...shopSimulator,
      drawUser: (random: Random) => ({ ...shopSimulator.drawUser(random), plan: 'premium' }),
    }
    const world = { followingAttribute: false, driftingAttribute: true }
    const asked = askOnce(buildSimulation(premium, { userCount: 3_000, days: 120, world }))
    expectTruth('absence', deviations(absences(asked)))
    expect(errorOf(absences(asked, unaware))).toBeGreaterThan(ERRORS_MAX)
  })

  it('sees drift coming, and would be wrong if it did not', () => {
    const world = { behaviourDrift: true }
    const simulation = buildSimulation(shopSimulator, { userCount: 3_000, days: 120, world })
    const clockMs = simulation.law.driftMs - 10 * DAY_MS
    const asked = askOnce(simulation, { clockMs })
    expectTruth('absence', deviations(absences(asked)))
    const steady = createLaw({ simulator: shopSimulator, seed: 1, days: 120, endMs: END_MS })
    expect(steady.driftMs).toBe(Infinity)
    expect(errorOf(absences(asked, steady))).toBeGreaterThan(ERRORS_MAX)
  })

  it('is calibrated where items come and go', () => {
    const world = { itemTurnover: true }
    const simulation = buildSimulation(shopSimulator, { userCount: 1_500, days: 120, world })
    const task = occurs('purchase', { withinDays: 28 })
    const predictions = askOnce(simulation).map((one, index) => ({
      predicted: answer(one, { task, seed: `predicted/${index}` }),
      groupBy: answer(one, { task, seed: `group/${index}`, runs: 4 }),
      actual:
        target(project, task, { atMs: one.atMs, events: one.history, knownUntilMs: END_MS }) ?? Number.NaN,
    }))
    expectTruth('purchase', deviations(predictions))
  })

  it('is calibrated where what is bought takes many lines, for counts of moments and totals alike', () => {
    const world = { baskets: true }
    const asked = askOnce(buildSimulation(shopSimulator, { userCount: 1_500, days: 120, world }))
    const within = { withinDays: 28 }
    for (const task of [occurs('purchase', within), count('purchase', within), total('purchase', within)]) {
      const predictions = asked.map((one, index) => ({
        predicted: answer(one, { task, seed: `predicted/${index}` }),
        groupBy: answer(one, { task, seed: `group/${index}`, runs: 4 }),
        actual:
          target(project, task, { atMs: one.atMs, events: one.history, knownUntilMs: END_MS }) ?? Number.NaN,
      }))
      const isAmount = headKindOfTask[task.kind] === 'amount'
      expectTruth(task.kind, isAmount ? amountDeviations(predictions) : deviations(predictions))
    }
  })

  it('is not misled by clocks that are ahead', () => {
    const asked = askOnce(buildSimulation(shopSimulator, { userCount: 200 }))
    const ahead = askOnce(buildSimulation(shopSimulator, { userCount: 200, world: { clocksAhead: true } }))
    const historyOf = new Map(ahead.map(({ history }) => [history[0]?.userId, history]))
    for (const one of asked) {
      const history = historyOf.get(one.history[0]?.userId) ?? []
      expect(trueNextEvent({ ...one, history })).toEqual(trueNextEvent(one))
    }
  })

  it('does not exist where events arrive late, nor of a machine', () => {
    const late = buildAsked({ law: buildLaw(shopSimulator, { lateArrival: true }) })
    expect(() => trueNextEvent(late)).toThrow('known as they happen')
    const machine = buildAsked({ history: [buildView({ userId: BOT_ID, occurredAt: 0 })] })
    expect(() => trueNextEvent(machine)).toThrow('got a machine')
  })
})

describe('trueNextEvent', () => {
  it('turns from the visit that goes on to the next visit as time passes', () => {
    const asked = buildAsked()
    const searchAfter = (silenceMs: number): number =>
      trueNextEvent({ ...asked, atMs: asked.atMs + silenceMs })['search'] ?? 0
    // A phone's visitor views on; a new visit begins with a search as often as with a view.
    const shares = [0, 5, 15, 60].map((minutes) => searchAfter(minutes * 60_000))
    expect(shares.toSorted((a, b) => a - b)).toEqual(shares)
    expect(shares.at(-1)).toBeGreaterThan(1.1 * (shares[0] ?? 0))
  })

  it('refuses to guess when somebody comes for the first time', () => {
    const nobody = buildAsked({ history: [] })
    const expected = 'Expected a history of one event or more, got none'
    expect(() => trueNextEvent(nobody)).toThrow(expected)
    expect(() => answer(nobody, { task: { kind: 'absent', horizonMs: DAY_MS } })).toThrow(expected)
  })
})

describe('trueTask', () => {
  const task = (kind: 'occurs' | 'total', horizonMs = 28 * DAY_MS): Task => ({
    kind,
    type: 'purchase',
    horizonMs,
  })

  it('is never less for a longer horizon, and silence never likelier', () => {
    const asked = buildAsked()
    const days = [1, 7, 28, 90]
    const silent = days.map((n) => answer(asked, { task: { kind: 'absent', horizonMs: n * DAY_MS } }))
    expect(silent.toSorted((a, b) => b - a)).toEqual(silent)
    const buys = days.map((n) =>
      trueTask({ ...asked, task: task('occurs', n * DAY_MS), random: createRandom(1), runs: 1_000 }),
    )
    expect(buys.toSorted((a, b) => a - b)).toEqual(buys)
    expect((silent[0] ?? 0) - (silent[3] ?? 0)).toBeGreaterThan(0.1)
    expect((buys[3] ?? 0) - (buys[0] ?? 0)).toBeGreaterThan(0.1)
  })

  it('gives the same answer each time it is asked with the same random stream, and nearly with another', () => {
    const asked = buildAsked()
    for (const kind of ['occurs', 'total'] as const) {
      const ask = (seed: number): number =>
        trueTask({ ...asked, task: task(kind), random: createRandom(seed), runs: 3_000 })
      expect(ask(1)).toBe(ask(1))
      expect(ask(2)).not.toBe(ask(1))
      expect(Math.abs(ask(2) / ask(1) - 1)).toBeLessThan(0.2)
    }
  })

  it('has no single number for a next event or a label', () => {
    const labelled: Task = { kind: 'label', values: ['a', 'b'] }
    for (const other of [nextEvent(), labelled]) {
      expect(() => answer(buildAsked(), { task: other })).toThrow('Expected a task with a horizon')
    }
  })
})
