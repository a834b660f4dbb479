import { describe, expect, it } from 'vitest'
import { DAY_MS, defineProject, occurs } from '../../../features/project.ts'
import type { Asked } from '../../../features/project.ts'
import { createRandom } from '../../../features/random.ts'
import { target } from '../../../features/target.ts'
import type { UserRecord } from '../../../training/data/data-set.ts'
import { momentsOf } from '../../../training/moments/moments-of.ts'
import { planMoments } from '../../../training/moments/plan-moments.ts'
import { buildEventData } from '../examples/build-log.ts'
import { eventsAt } from './build-plan.ts'

const DAYS = 200
const HORIZON_MS = 7 * DAY_MS

function projectAsked(asked: Asked) {
  return defineProject({
    name: 'lapsing',
    events: { view: {} },
    tasks: { comesWithin7Days: occurs('view', { withinDays: 7 }) },
    asked,
  })
}
const { comesWithin7Days } = projectAsked('anytime').tasks

/** People come for the first time all along, are active for ten days or so, and then never come again. */
function buildLapsing(count: number): UserRecord[] {
  const random = createRandom(5)
  return Array.from({ length: count }, (_, user) => {
    const userId = `user-${user}`
    const times: number[] = []
    const lapsesAt = random.exponential(1 / (10 * DAY_MS))
    const firstMs = random.next() * DAYS * DAY_MS
    for (let passed = 0; passed <= lapsesAt; passed += random.exponential(0.3 / DAY_MS)) {
      const atMs = Math.floor(firstMs + passed)
      if (atMs < DAYS * DAY_MS) times.push(atMs)
    }
    const events = eventsAt(times).map((event) => ({ ...event, userId }))
    return { userId, versions: [], events, questions: [] }
  }).filter(({ events }) => events.length > 0)
}

const users = buildLapsing(4_000)

interface Asking {
  readonly user: UserRecord
  readonly atMs: number
}

function comes({ user, atMs }: Asking): number {
  const request = { atMs, events: user.events, knownUntilMs: DAYS * DAY_MS }
  return target(projectAsked('anytime'), comesWithin7Days, request) ?? Number.NaN
}

/** How long silent, in classes that a model would tell apart. */
function silenceOf({ user, atMs }: Asking): number {
  const latest = user.events.findLast(({ occurredAt }) => occurredAt <= atMs)?.occurredAt ?? Number.NaN
  const days = (atMs - latest) / DAY_MS
  return days === 0 ? 0 : 1 + [0.5, 1, 2, 3, 5, 7, 10, 14, 21, 40].filter((bound) => days > bound).length
}

/** What a model answers that learns the share of each class of silence; beyond what it saw, the last it saw. */
function learnShares(asked: readonly Asking[]): (asking: Asking) => number {
  const bySilence = Map.groupBy(asked, silenceOf)
  const share = (own: readonly Asking[]): number => own.reduce((sum, one) => sum + comes(one), 0) / own.length
  const shares = new Map([...bySilence].map(([silence, own]) => [silence, share(own)]))
  const seenMax = Math.max(...shares.keys())
  return (asking) => shares.get(Math.min(seenMax, silenceOf(asking))) ?? Number.NaN
}

/** Everybody known on a date in the test part: the mean answer, and the share that came. */
function askEverybody(answer: (asking: Asking) => number): { told: number; came: number; noise: number } {
  const atMs = 185 * DAY_MS
  const known = users.filter(({ events }) => (events[0]?.occurredAt ?? Infinity) <= atMs)
  const meanOf = (value: (asking: Asking) => number): number =>
    known.reduce((sum, user) => sum + value({ user, atMs }), 0) / known.length
  const came = meanOf(comes)
  return { told: meanOf(answer), came, noise: 3 * Math.sqrt((came * (1 - came)) / known.length) }
}

async function trainMoments(asked: Asked): Promise<Asking[]> {
  const project = projectAsked(asked)
  const planned = await planMoments({ project, data: buildEventData(users), seed: 1 })
  if (!planned.ok) throw new Error(planned.reason.code)
  const { value: plan } = planned
  const lastMs = (plan.parts.train?.untilMs ?? 0) - HORIZON_MS
  return users.flatMap((user, place) =>
    momentsOf(user, { project, plan, place })
      .moments.filter(({ part, atMs }) => part === 'train' && atMs < lastMs)
      .map(({ atMs }) => ({ user, atMs })),
  )
}

describe('moments by the clock', () => {
  it('teach the share of all known users who come, the long silent among them', async () => {
    for (const asked of ['daily', 'anytime'] as const) {
      const { told, came, noise } = askEverybody(learnShares(await trainMoments(asked)))
      expect(came).toBeLessThan(0.2)
      expect(Math.abs(told - came)).toBeLessThan(noise)
    }
  })

  it('are what teaches it: moments within a horizon of an event alone tell far too much', () => {
    const random = createRandom(1)
    const within = users.flatMap((user) =>
      user.events
        .map(({ occurredAt }) => ({ user, atMs: occurredAt + Math.floor(random.next() * HORIZON_MS) }))
        .filter(({ atMs }) => atMs < 120 * DAY_MS),
    )
    const { told, came, noise } = askEverybody(learnShares(within))
    expect(told - came).toBeGreaterThan(5 * noise)
  })
})
