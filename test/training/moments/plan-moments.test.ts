import { describe, expect, it } from 'vitest'
import { DAY_MS, absent, defineProject, label, occurs } from '../../../features/project.ts'
import type { Asked, Project } from '../../../features/project.ts'
import { createRandom } from '../../../features/random.ts'
import type { DataSet, Question, UserRecord } from '../../../training/data/data-set.ts'
import { describeMomentFault } from '../../../training/moments/moment-fault.ts'
import { momentsOf } from '../../../training/moments/moments-of.ts'
import type { Moment } from '../../../training/moments/moment.ts'
import { partNames } from '../../../training/moments/parts.ts'
import { planEverything, planMoments } from '../../../training/moments/plan-moments.ts'
import type { PlanRequest } from '../../../training/moments/plan-moments.ts'
import type { MomentPlan } from '../../../training/moments/plan.ts'
import { silent } from '../../../training/monitor.ts'
import { buildRows, buildTable, kindsOf, smallTable } from '../build-table.ts'
import { buildEventData, buildLog, smallShop } from '../examples/build-log.ts'
import { eventsAt } from './build-plan.ts'

const START_MS = 1_700_000_000_000

function projectAsked(asked: Asked): Project {
  return { ...smallShop, asked }
}
const afterEvents = projectAsked('afterEvents')
const plenty = { train: 1e6, validation: 1e6, test: 1e6 }

async function plan(data: DataSet, overrides: Partial<PlanRequest> = {}): Promise<MomentPlan> {
  const planned = await planMoments({ project: smallShop, data, seed: 1, ...overrides })
  if (!planned.ok) throw new Error(planned.reason.code)
  return planned.value
}

async function momentsIn(
  data: DataSet,
  { plan: planned, project = smallShop }: { readonly plan: MomentPlan; readonly project?: Project },
): Promise<(Moment & { readonly userId: string })[]> {
  const users = await Array.fromAsync(data.users())
  return users.flatMap((user, place) =>
    momentsOf(user, { project, plan: planned, place }).moments.map((moment) => ({
      ...moment,
      userId: user.userId,
    })),
  )
}

function buildUser(
  userId: string,
  times: readonly number[],
  questions: readonly Question[] = [],
): UserRecord {
  const events = eventsAt(times).map((event) => ({ ...event, id: `${userId}-${event.id}`, userId }))
  return { userId, versions: [], events, questions }
}

/** Users who come at random times of these days. */
function buildUsers(count: number, { eventsEach, days }: { eventsEach: number; days: number }): UserRecord[] {
  const random = createRandom(1)
  return Array.from({ length: count }, (_, user) =>
    buildUser(
      `user-${String(user).padStart(4, '0')}`,
      Array.from({ length: eventsEach }, () => START_MS + Math.floor(random.next() * days * DAY_MS)),
    ),
  )
}

describe('planMoments', () => {
  it('lets a stray event move nothing, and says so', async () => {
    const users = buildUsers(40, { eventsEach: 20, days: 60 })
    const base = await plan(buildEventData(users))
    const strays = [0, START_MS + 3_000 * DAY_MS]
    const said: string[] = []
    const monitor = { say: (line: string) => said.push(line), track: () => quiet }
    const quiet = { advance: () => {}, done: () => {} }
    const data = buildEventData([...users, buildUser('z-stray', strays)])
    const moved = await plan(data, { monitor })
    expect(moved.parts).toEqual(base.parts)
    expect(base.outlying).toEqual({ count: 0, examples: [] })
    expect(moved.outlying).toEqual({
      count: 2,
      examples: strays.map((atMs) => ({ userId: 'z-stray', atMs })),
    })
    expect(said).toEqual([expect.stringContaining('z-stray at 1970-01-01')])
    // Of a user who is there otherwise too.
    const [first, ...others] = users
    const also = first === undefined ? [] : [buildUser('user-0000', [0, ...timesOf(first)])]
    const withStray = buildEventData([...also, ...others])
    expect(await momentsIn(withStray, { plan: await plan(withStray) })).toEqual(
      await momentsIn(buildEventData(users), { plan: base }),
    )
  })

  it('gives training 60 % of the usable moments of a log that grows fast', async () => {
    const random = createRandom(2)
    const users = Array.from({ length: 2_000 }, (_, user) => {
      const first = START_MS + Math.floor((100 + 15 * Math.log(1 - random.next())) * DAY_MS)
      return buildUser(
        `user-${user}`,
        [first, first + DAY_MS].filter((ms) => ms < START_MS + 100 * DAY_MS),
      )
    })
    const data = buildEventData(users.filter(({ events }) => events.length > 0))
    const planned = await plan(data, { project: afterEvents, examples: plenty })
    const moments = await momentsIn(data, { plan: planned, project: afterEvents })
    const usable = partNames.map(
      (name) =>
        moments.filter(
          ({ part, atMs }) => part === name && atMs + 2 * DAY_MS < (planned.parts[name]?.untilMs ?? 0),
        ).length,
    )
    const all = usable.reduce((sum, count) => sum + count)
    expect(usable.map((count) => count / all)).toEqual([
      expect.closeTo(0.6, 2),
      expect.closeTo(0.2, 2),
      expect.closeTo(0.2, 2),
    ])
  })

  it('makes no more moments than fitting can learn from in its minutes, where nobody says how many', async () => {
    const data = buildEventData(buildUsers(600, { eventsEach: 40, days: 60 }))
    const trained = async (overrides: Partial<PlanRequest>): Promise<number> =>
      (await plan(data, { project: afterEvents, ...overrides })).expected.train
    expect(await trained({})).toBeGreaterThan(12_000)
    expect(await trained({ minutes: 0.01 })).toBeCloseTo(10_000, 3)
    expect(await trained({ minutes: 5 })).toBe(await trained({}))
    expect(await trained({ minutes: 0.01, examples: plenty })).toBe(await trained({}))
  })

  it('counts moments, not lines: a log of baskets gives the examples wanted', async () => {
    const users = buildUsers(100, { eventsEach: 40, days: 60 }).map((user) => ({
      ...user,
      events: user.events.flatMap((event) =>
        Array.from({ length: 10 }, (_, line) => ({ ...event, id: `${event.id}/${line}`, place: line })),
      ),
    }))
    const data = buildEventData(users)
    const examples = { train: 1_000, validation: 300, test: 300 }
    for (const asked of ['afterEvents', 'anytime', 'daily'] as const) {
      const project = projectAsked(asked)
      const planned = await plan(data, { project, examples })
      const moments = await momentsIn(data, { plan: planned, project })
      for (const name of partNames) {
        const lastMs = (planned.parts[name]?.untilMs ?? 0) - 2 * DAY_MS
        const usable = moments.filter(({ part, atMs }) => part === name && atMs < lastMs).length
        expect(planned.expected[name]).toBeCloseTo(examples[name], 3)
        expect(Math.abs(usable - examples[name])).toBeLessThan(4 * Math.sqrt(examples[name]))
      }
    }
  })

  it('asks half of the moments of a project asked at any time by the clock, also where there are few', async () => {
    for (const examples of [{ train: 2_000, validation: 1, test: 1 }, plenty]) {
      const data = buildLog({ userCount: 150, days: 30 })
      const planned = await plan(data, { examples })
      const train = (await momentsIn(data, { plan: planned })).filter(({ part, atMs }) => {
        return part === 'train' && atMs < (planned.parts.train?.untilMs ?? 0) - 2 * DAY_MS
      })
      const share = train.filter(({ from }) => from === 'clock').length / train.length
      expect(Math.abs(share - 0.5)).toBeLessThan(4 * Math.sqrt(0.25 / train.length))
    }
  })

  it('takes no more of one user than one may give: a bot is not the world', async () => {
    const bot = buildUser(
      'bot',
      Array.from({ length: 30_000 }, (_, place) => START_MS + place * 150_000),
    )
    const data = buildEventData([bot, ...buildUsers(300, { eventsEach: 30, days: 60 })])
    const planned = await plan(data, { examples: { train: 3_000, validation: 1_000, test: 1_000 } })
    const train = (await momentsIn(data, { plan: planned })).filter(({ part }) => part === 'train')
    expect(Math.abs(train.length - 3_000)).toBeLessThan(500)
    expect(train.filter(({ userId }) => userId === 'bot').length).toBeLessThan(50 + 4 * Math.sqrt(50))
  })

  it('chooses the same moments in every pass, however events are named', async () => {
    const users = await Array.fromAsync(buildLog({ userCount: 60, days: 30 }).users())
    const renamed = users.map((user) => ({
      ...user,
      events: user.events.map((event, place) => ({ ...event, id: `${(place * 7_919) % 1_000}-x` })),
    }))
    const [data, other] = [buildEventData(users), buildEventData(renamed)]
    const planned = await plan(data, { examples: { train: 500, validation: 100, test: 100 } })
    expect(await plan(other, { examples: { train: 500, validation: 100, test: 100 } })).toEqual(planned)
    const moments = await momentsIn(data, { plan: planned })
    expect(await momentsIn(data, { plan: planned })).toEqual(moments)
    expect(await momentsIn(other, { plan: planned })).toEqual(moments)
    expect(await momentsIn(data, { plan: { ...planned, seed: 2 } })).not.toEqual(moments)
  })

  it('asks about nobody of whom nothing was heard: such a user is a newcomer to the service', async () => {
    const quiet = { ...buildUser('z-silent', []), versions: [{ knownAt: START_MS, attributes: {} }] }
    const data = buildEventData([...buildUsers(40, { eventsEach: 20, days: 60 }), quiet])
    const moments = await momentsIn(data, { plan: await plan(data) })
    expect(moments.some(({ userId }) => userId === 'z-silent')).toBe(false)
    const firstOf = new Map<string, number>()
    for await (const { userId, events } of data.users()) {
      firstOf.set(userId, Math.min(...events.map(({ receivedAt }) => receivedAt)))
    }
    expect(moments.every(({ userId, atMs }) => atMs >= (firstOf.get(userId) ?? Infinity))).toBe(true)
  })

  it('says that a log was received too late, not that it is too short', async () => {
    const receivedAt = START_MS + 90 * DAY_MS
    const users = buildUsers(40, { eventsEach: 20, days: 60 }).map((user) => ({
      ...user,
      events: user.events.map((event, place) => ({ ...event, receivedAt: receivedAt + place })),
    }))
    const planned = await planMoments({ project: smallShop, data: buildEventData(users), seed: 1 })
    if (planned.ok) throw new Error('Expected a fault')
    expect(planned.reason).toMatchObject({ code: 'received_late', receivedSpanMs: 20 })
    expect(describeMomentFault(planned.reason)).toMatch(
      /^The data spans 59\.\d days, but by receivedAt it was heard of within 0 seconds/,
    )
  })

  it('says that times are of another unit where all lie in 1970', async () => {
    const asSeconds = (ms: number): number => ms / 1000
    const users = buildUsers(40, { eventsEach: 20, days: 60 }).map((user) => ({
      ...user,
      events: user.events.map((event) => ({
        ...event,
        occurredAt: asSeconds(event.occurredAt),
        receivedAt: asSeconds(event.receivedAt),
      })),
    }))
    const planned = await planMoments({ project: smallShop, data: buildEventData(users), seed: 1 })
    if (planned.ok) throw new Error('Expected a fault')
    expect(describeMomentFault(planned.reason)).toMatch(
      /^All of the data lies in 1970, from 1970-01-.* of another unit than the timeUnit of the source says/,
    )
  })

  it('says what is too short for which horizon, and which would fit', async () => {
    const data = buildEventData(buildUsers(40, { eventsEach: 20, days: 6 }))
    const planned = await planMoments({ project: smallShop, data, seed: 1 })
    if (planned.ok || planned.reason.code !== 'too_short') throw new Error('Expected too_short')
    const { longestHorizonMs, fittingHorizonMs, spanMs } = planned.reason
    expect(longestHorizonMs).toBe(2 * DAY_MS)
    expect(spanMs).toBeGreaterThan(5.5 * DAY_MS)
    const shorter = defineProject({
      name: 'shorter',
      events: { view: {} },
      tasks: { leaves: absent({ withinMinutes: fittingHorizonMs / 60_000 }) },
    })
    expect((await planMoments({ project: shorter, data, seed: 1 })).ok).toBe(true)
  })
})

describe('planMoments of rows', () => {
  const withQuestions = defineProject({
    name: 'with-questions',
    events: { view: {}, purchase: {} },
    tasks: { buys: occurs('purchase', { withinDays: 2 }), churns: label(['no', 'yes']) },
  })
  const question = (place: number, day: number): Question => ({
    atMs: START_MS + day * DAY_MS,
    place,
    labels: { churns: place % 2 === 0 ? 'no' : 'yes' },
  })
  const users = buildUsers(20, { eventsEach: 20, days: 60 }).map((user, place) => ({
    ...user,
    questions: [question(2 * place, 3 * place), question(2 * place + 1, 60)],
  }))

  it('asks at the rows of users with a history by time, beside the moments of events', async () => {
    const data = buildEventData(users)
    const planned = await planMoments({ project: withQuestions, data, seed: 1 })
    if (!planned.ok) throw new Error(planned.reason.code)
    const moments = users.flatMap(
      (user, place) => momentsOf(user, { project: withQuestions, plan: planned.value, place }).moments,
    )
    expect(new Set(moments.map(({ from }) => from))).toEqual(new Set(['event', 'clock', 'row']))
    const rows = moments.filter(({ from }) => from === 'row')
    expect(rows.length).toBe(40)
    for (const { part, atMs } of moments) {
      const { fromMs = 0, untilMs = 0 } = planned.value.parts[part] ?? {}
      expect(atMs >= fromMs && atMs < untilMs).toBe(true)
    }
  })

  it('splits a table by time where every row has one, and at random where one has none', async () => {
    const table = defineProject({ name: 'table', tasks: { churns: label(['no', 'yes']) } })
    const rows = Array.from({ length: 100 }, (_, place) => ({
      ...buildUser(`row-${place}`, []),
      questions: [question(place, place)],
    }))
    const planned = await plan(buildEventData(rows), { project: table })
    expect(planned.expected).toEqual({ train: 60, validation: 20, test: 20 })
    expect(Math.ceil(((planned.parts.test?.fromMs ?? 0) - START_MS) / DAY_MS)).toBe(80)
    const timeless = rows.map((row, place) =>
      place === 7 ? { ...row, questions: [{ place, atMs: null, labels: {} }] } : row,
    )
    const stratified = await plan(buildEventData(timeless), { project: table })
    expect(stratified.parts).toEqual({})
    expect(stratified.partOfRow).toHaveLength(100)
  })

  it('says which value is not tested where all its rows are of one user', async () => {
    const rows = buildRows(kindsOf({ a: 60, b: 60, c: 60 })).map((row, index) =>
      index < 60 ? { ...row, userId: 'one' } : row,
    )
    const said: string[] = []
    const monitor = { ...silent, say: (line: string) => void said.push(line) }
    await planMoments({ project: smallTable, data: buildTable(rows), seed: 1, monitor })
    expect(said.filter((line) => line.includes('is tested'))).toEqual([
      expect.stringMatching(/^none of the 60 rows that say 'a' is tested: rows of a user stay together/),
    ])
  })

  it('refuses data that lacks what the tasks ask about', async () => {
    const codeOf = async (data: DataSet): Promise<string> => {
      const planned = await planMoments({ project: withQuestions, data, seed: 1 })
      return planned.ok ? 'ok' : planned.reason.code
    }
    const without = (part: 'events' | 'questions') => users.map((user) => ({ ...user, [part]: [] }))
    expect(await codeOf(buildEventData(without('events')))).toBe('no_events')
    // The other task can be learned all the same.
    expect(await codeOf(buildEventData(without('questions')))).toBe('ok')
    const timeless = users.map((user) => ({
      ...user,
      questions: user.questions.map((asked) => ({ ...asked, atMs: null })),
    }))
    expect(await codeOf(buildEventData(timeless))).toBe('row_without_time')
  })
})

describe('planEverything', () => {
  it('makes one part of all time up to the end of the log, strays left out', async () => {
    const users = buildUsers(40, { eventsEach: 20, days: 60 })
    const times = users.flatMap(timesOf)
    const data = buildEventData([...users, buildUser('z-stray', [0])])
    const planned = await planEverything({ project: smallShop, data, seed: 1 })
    if (!planned.ok) throw new Error(planned.reason.code)
    expect(planned.value.parts).toMatchObject({
      train: { fromMs: Math.min(...times), untilMs: Math.max(...times) + 1 },
    })
    expect(Object.keys(planned.value.parts)).toEqual(['train'])
    expect(planned.value.outlying.count).toBe(1)
  })
})

function timesOf(user: UserRecord): number[] {
  return user.events.map(({ occurredAt }) => occurredAt)
}
