import { describe, expect, it } from 'vitest'
import { attributesAt } from '../../features/attributes.ts'
import type { Event } from '../../features/event.ts'
import { DAY_MS } from '../../features/project.ts'
import { simulatorByName } from '../../simulation/index.ts'
import type { Simulation, SimulationRequest, World } from '../../simulation/index.ts'
import { BOT_ID } from '../../simulation/bot.ts'
import { courseSimulator } from '../../simulation/course.ts'
import { createLaw } from '../../simulation/law.ts'
import { shopSimulator } from '../../simulation/shop.ts'
import { plainWorld } from '../../simulation/world.ts'
import { END_MS, buildSimulation } from './build-simulation.ts'

const DAYS = 120
const START_MS = END_MS - DAYS * DAY_MS

/** A shop in which nothing is switched on but this. */
function buildShop(
  world: Partial<World> = {},
  overrides: Partial<Omit<SimulationRequest, 'simulator' | 'world'>> = {},
): Simulation {
  const request = { userCount: 400, days: DAYS, ...overrides }
  return buildSimulation(shopSimulator, { ...request, world: { ...plainWorld, ...world } })
}

/** Each user's events. */
function historiesOf({ users, events }: Simulation): (readonly Event[])[] {
  const byUser = Map.groupBy(events, (event) => event.userId)
  return users.map(({ id }) => byUser.get(id) ?? [])
}

/** The chance that one with a yes scores higher than one with a no; equal scores count half. */
function areaUnderCurve(scored: readonly { readonly score: number; readonly yes: boolean }[]): number {
  const yes = scored.filter((one) => one.yes)
  const no = scored.filter((one) => !one.yes)
  const wins = yes.flatMap(({ score }) =>
    no.map((other): number => (score > other.score ? 1 : score === other.score ? 0.5 : 0)),
  )
  return wins.reduce((sum, win) => sum + win, 0) / wins.length
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

describe('followingAttribute', () => {
  it('tells of the purchase before it when read as of the end, and nothing when read as of the moment', () => {
    const { users, events } = buildShop({ followingAttribute: true }, { userCount: 2_000 })
    const purchases = events.filter((event) => event.type === 'purchase')
    // Asked of everybody on one day about the four weeks after it.
    const atMs = END_MS - 35 * DAY_MS
    const untilMs = atMs + 28 * DAY_MS
    const bought = (from: number, until: number): Set<string> =>
      new Set(purchases.filter(({ occurredAt: at }) => at > from && at <= until).map(({ userId }) => userId))
    const [before, ahead] = [bought(0, atMs), bought(atMs, untilMs)]
    const newcomers = users.filter(({ id, versions }) => {
      const isKnown = (versions[0]?.knownAt ?? Infinity) <= atMs
      return isKnown && !before.has(id) && versions[0]?.attributes['plan'] !== 'premium'
    })
    const read = (asOfMs: number): number =>
      areaUnderCurve(
        newcomers.map(({ id, versions }) => ({
          score: attributesAt(versions, asOfMs)['plan'] === 'premium' ? 1 : 0,
          yes: ahead.has(id),
        })),
      )
    expect(newcomers.filter(({ id }) => ahead.has(id)).length).toBeGreaterThan(30)
    expect(read(END_MS)).toBeGreaterThan(0.9)
    expect(read(atMs)).toBe(0.5)
  })

  it('turns nobody premium who has not bought', () => {
    const { users, events } = buildShop({ followingAttribute: true })
    for (const { id, versions } of users) {
      for (const { knownAt, attributes } of versions.slice(1)) {
        expect(attributes['plan']).toBe('premium')
        const isBefore = (event: Event): boolean => event.userId === id && event.occurredAt < knownAt
        expect(events.some((event) => isBefore(event) && event.type === 'purchase')).toBe(true)
      }
    }
  })

  it('leaves everything before the first purchase as it is without', () => {
    const plain = historiesOf(buildShop())
    for (const [index, history] of historiesOf(buildShop({ followingAttribute: true })).entries()) {
      const bought = history.findIndex((event) => event.type === 'purchase')
      const before = bought < 0 ? history : history.slice(0, bought + 1)
      expect(before).toEqual(plain[index]?.slice(0, before.length))
    }
  })
})

describe('driftingAttribute', () => {
  it('changes plans of people who have never bought anything, and how often they come', () => {
    const { users, events } = buildShop({ driftingAttribute: true }, { userCount: 3_000 })
    const buyers = new Set(events.filter((event) => event.type === 'purchase').map(({ userId }) => userId))
    const changed = users.filter(({ id, versions }) => versions.length > 1 && !buyers.has(id))
    expect(changed.length).toBeGreaterThan(300)

    const versionsOf = new Map(users.map(({ id, versions }) => [id, versions]))
    const daysOf: Record<string, number> = {}
    const eventsOf: Record<string, number> = {}
    for (const { versions } of users) {
      for (const [index, { knownAt, attributes }] of versions.entries()) {
        const plan = String(attributes['plan'])
        daysOf[plan] = (daysOf[plan] ?? 0) + ((versions[index + 1]?.knownAt ?? END_MS) - knownAt) / DAY_MS
      }
    }
    for (const { userId, occurredAt } of events) {
      const versions = versionsOf.get(userId) ?? []
      // First moments belong to nobody's habits.
      if (occurredAt === versions[0]?.knownAt) continue
      const plan = String(attributesAt(versions, occurredAt)['plan'])
      eventsOf[plan] = (eventsOf[plan] ?? 0) + 1
    }
    const aDay = (plan: string): number => (eventsOf[plan] ?? 0) / (daysOf[plan] ?? 0)
    expect(aDay('plus')).toBeGreaterThan(1.3 * aDay('free'))
    expect(aDay('premium')).toBeGreaterThan(1.3 * aDay('plus'))
  })

  it('changes plans at the same times whatever else is switched on', () => {
    const changes = ({ users }: Simulation): number[][] =>
      users.map(({ versions }) => versions.map((version) => version.knownAt))
    const others = { behaviourDrift: true, itemTurnover: true, bot: true, clocksAhead: true }
    const alone = changes(buildShop({ driftingAttribute: true }))
    expect(changes(buildShop({ driftingAttribute: true, ...others })).slice(0, 400)).toEqual(alone)
  })
})

describe('idsByArrival', () => {
  /** Of all pairs of users, in how many the one with the lower id came first. */
  function inOrder({ users }: Simulation): number {
    const firstMs = users.map(({ versions }) => versions[0]?.knownAt ?? 0)
    const pairs = firstMs.flatMap((ms, index): number[] =>
      firstMs.slice(index + 1).map((later) => (later >= ms ? 1 : 0)),
    )
    return meanOf(pairs)
  }

  it('numbers users by when they came; without it ids tell nothing of time', () => {
    expect(inOrder(buildShop({ idsByArrival: true }))).toBe(1)
    expect(Math.abs(inOrder(buildShop()) - 0.5)).toBeLessThan(0.05)
  })

  it('changes nothing but names', () => {
    const nameless = (simulation: Simulation): string[] =>
      historiesOf(simulation)
        .map((history) => JSON.stringify(history.map((event) => ({ ...event, id: '', userId: '' }))))
        .toSorted()
    expect(nameless(buildShop({ idsByArrival: true }))).toEqual(nameless(buildShop()))
  })
})

describe('newcomersAllAlong', () => {
  it('brings as many in the last days as in those before, and none without it', () => {
    const after = (simulation: Simulation, from: number, until: number): number =>
      simulation.users.filter(({ versions }) => {
        const share = ((versions[0]?.knownAt ?? 0) - START_MS) / (END_MS - START_MS)
        return share > from && share <= until
      }).length
    const sizes = { userCount: 4_000 }
    const along = buildShop({ newcomersAllAlong: true }, sizes)
    expect(after(along, 0.9, 1) / after(along, 0.5, 0.6)).toBeGreaterThan(0.75)
    expect(after(along, 0.9, 1) / after(along, 0.5, 0.6)).toBeLessThan(1.33)
    expect(after(buildShop({}, sizes), 0.85, 1)).toBe(0)
  })
})

describe('behaviourDrift', () => {
  it('changes nothing before three fifths of the time, and makes visits and purchases rarer after', () => {
    const sizes = { userCount: 3_000 }
    const [plain, drifted] = [buildShop({}, sizes), buildShop({ behaviourDrift: true }, sizes)]
    const { driftMs } = drifted.law
    expect(driftMs).toBe(START_MS + 0.6 * DAYS * DAY_MS)
    const before = (event: Event): boolean => event.occurredAt <= driftMs
    expect(drifted.events.filter(before)).toEqual(plain.events.filter(before))

    const after = (simulation: Simulation): Event[] => simulation.events.filter((event) => !before(event))
    const share = (events: readonly Event[]): number =>
      events.filter((event) => event.type === 'purchase').length / events.length
    expect(after(drifted).length).toBeLessThan(0.8 * after(plain).length)
    expect(share(after(drifted))).toBeLessThan(0.8 * share(after(plain)))
  })
})

describe('itemTurnover', () => {
  it('offers what is new to the end, and what has gone no more', () => {
    const simulation = buildShop({ itemTurnover: true }, { userCount: 1_000 })
    const items = new Map(simulation.items.map((item) => [item.id, item]))
    for (const { type, itemId, occurredAt } of simulation.events) {
      const item = items.get(itemId ?? '')
      if (item === undefined) continue
      expect(occurredAt).toBeGreaterThanOrEqual(item.versions[0]?.knownAt ?? Infinity)
      // What was seen while it was offered may still be bought.
      if (type === 'view') expect(occurredAt).toBeLessThan(item.untilMs)
    }
    const isNew = simulation.items.filter(({ fromMs }) => fromMs > END_MS - (DAYS / 4) * DAY_MS)
    const isGone = simulation.items.filter(({ untilMs }) => untilMs < END_MS)
    expect(Math.min(isNew.length, isGone.length)).toBeGreaterThan(30)
    const seen = new Set(simulation.events.map((event) => event.itemId))
    expect(isNew.filter(({ id }) => seen.has(id)).length).toBeGreaterThan(20)
  })

  it('offers the same items, described the same', () => {
    const described = ({ items }: Simulation): unknown[] =>
      items.map(({ id, versions }) => [id, versions.map((version) => version.attributes)])
    expect(described(buildShop({ itemTurnover: true }))).toEqual(described(buildShop()))
  })
})

describe('bot', () => {
  it('adds one user with tens of thousands of events at the rhythm of a machine, and changes no other', () => {
    const plain = buildShop()
    const { users, events } = buildShop({ bot: true })
    const own = events.filter((event) => event.userId === BOT_ID)
    expect(own.length).toBeGreaterThan(30_000)
    const gaps = own.slice(1).map((event, index) => event.occurredAt - (own[index]?.occurredAt ?? 0))
    expect(Math.max(...gaps)).toBeLessThan(10_000)
    expect(users.slice(0, -1)).toEqual(plain.users)
    expect(events.filter((event) => event.userId !== BOT_ID)).toEqual(plain.events)
  })
})

describe('baskets', () => {
  it('puts what is bought at one moment on several lines, in order, and nothing else', () => {
    const { events } = buildShop({ baskets: true })
    const moments = Map.groupBy(events, ({ userId, occurredAt }) => `${userId} ${occurredAt}`)
    const sizes = { purchase: [] as number[], other: [] as number[] }
    for (const lines of moments.values()) {
      const kind = lines[0]?.type === 'purchase' ? 'purchase' : 'other'
      sizes[kind].push(lines.length)
      expect(new Set(lines.map(({ type }) => type)).size).toBe(1)
      expect(lines.map(({ place = 0 }) => place)).toEqual([...lines.keys()])
      if (kind === 'purchase')
        expect(lines.every(({ itemId, value }) => itemId !== undefined && (value ?? 0) > 0)).toBe(true)
    }
    expect(new Set(events.map(({ id }) => id)).size).toBe(events.length)
    expect(new Set(sizes.other)).toEqual(new Set([1]))
    expect(meanOf(sizes.purchase)).toBeGreaterThan(7)
    expect(meanOf(sizes.purchase)).toBeLessThan(9)
  })
})

describe('clocksAhead', () => {
  it('lets a share of events claim to lie minutes ahead, and changes nothing else', () => {
    const { events } = buildShop({ clocksAhead: true })
    const aheadMs = events.map((event) => event.occurredAt - event.receivedAt)
    const ahead = aheadMs.filter((ms) => ms > 0)
    expect(ahead.length / events.length).toBeGreaterThan(0.03)
    expect(ahead.length / events.length).toBeLessThan(0.07)
    expect(Math.min(...aheadMs)).toBe(0)
    expect(Math.max(...aheadMs)).toBeLessThanOrEqual(5 * 60_000)
    const asReceived = events.map((event) => ({ ...event, occurredAt: event.receivedAt }))
    const inOrder = asReceived.toSorted((a, b) => (a.id < b.id ? -1 : 1))
    expect(inOrder).toEqual(buildShop().events)
  })
})

describe('lateArrival', () => {
  it('lets a share of visits be received together, hours or days later, and changes nothing else', () => {
    const sizes = { userCount: 1_500 }
    const plain = buildShop({}, sizes).events
    const { events } = buildShop({ lateArrival: true }, sizes)
    const late = events.filter((event) => event.receivedAt > event.occurredAt)
    expect(late.length / events.length).toBeGreaterThan(0.05)
    expect(late.length / events.length).toBeLessThan(0.15)
    const delaysMs = late.map((event) => event.receivedAt - event.occurredAt)
    expect(Math.min(...delaysMs)).toBeGreaterThanOrEqual(3_600_000)
    expect(Math.max(...delaysMs)).toBeGreaterThan(2 * DAY_MS)
    const batches = Map.groupBy(late, (event) => `${event.userId} ${event.receivedAt}`)
    expect([...batches.values()].some((batch) => batch.length > 3)).toBe(true)

    // What has not been received by the end is not in the log.
    const kept = new Set(events.map((event) => event.id))
    expect(events.map((event) => ({ ...event, receivedAt: event.occurredAt }))).toEqual(
      plain.filter((event) => kept.has(event.id)),
    )
    const missing = plain.filter((event) => !kept.has(event.id))
    expect(missing.length).toBeGreaterThan(0)
    expect(Math.min(...missing.map((event) => event.occurredAt))).toBeGreaterThan(END_MS - 20 * DAY_MS)
  })
})

describe('the defaults', () => {
  it('give the shop attributes that change, and every domain ids that follow time and newcomers', () => {
    const on = (world: World): string[] =>
      (Object.keys(world) as (keyof World)[]).filter((name) => world[name])
    for (const [name, simulator] of Object.entries(simulatorByName)) {
      const changes = name === 'shop' ? ['followingAttribute', 'driftingAttribute'] : []
      const { world } = createLaw({ simulator, seed: 1, endMs: END_MS })
      expect(on(world)).toEqual([...changes, 'idsByArrival', 'newcomersAllAlong'])
    }
  })

  it('refuse to switch on what a domain does not have', () => {
    const request = { simulator: courseSimulator, seed: 1, endMs: END_MS }
    expect(() => createLaw({ ...request, world: { followingAttribute: true } })).toThrow(
      "Project 'course' has no followingAttribute to switch on",
    )
  })
})

describe('daysAfter', () => {
  const everything: World = {
    followingAttribute: true,
    driftingAttribute: true,
    idsByArrival: true,
    newcomersAllAlong: true,
    behaviourDrift: true,
    itemTurnover: true,
    bot: true,
    baskets: true,
    clocksAhead: true,
    lateArrival: true,
  }

  it.each([
    ['a plain world', plainWorld],
    ['a world with everything in it', everything],
  ])('leaves the log of %s as it is, to the byte', (_name, world) => {
    const { law: _law, later: _later, ...log } = buildShop(world)
    const { law: _sameLaw, later, ...longer } = buildShop(world, { daysAfter: 30 })
    expect(JSON.stringify(longer)).toBe(JSON.stringify(log))
    expect(later.events.length).toBeGreaterThan(500)
  })

  it('goes on with everybody where they stood: what comes later is what a longer log would have held', () => {
    const shorter = buildShop({ driftingAttribute: true }, { daysAfter: 30 })
    const { users, later } = shorter
    expect(Math.min(...later.events.map((event) => event.receivedAt))).toBeGreaterThan(END_MS)
    expect(Math.max(...later.events.map((event) => event.receivedAt))).toBeLessThanOrEqual(
      END_MS + 30 * DAY_MS,
    )
    // Nobody new: a first event lies in the log.
    const known = new Set(shorter.events.map((event) => event.userId))
    expect(later.events.filter((event) => !known.has(event.userId))).toEqual([])
    expect(later.versions.size).toBeGreaterThan(50)
    for (const { id, versions } of users) {
      const all = later.versions.get(id)
      if (all === undefined) continue
      expect(all.slice(0, versions.length)).toEqual(versions)
      expect(Math.min(...all.slice(versions.length).map(({ knownAt }) => knownAt))).toBeGreaterThan(END_MS)
    }
    // A month after the end is lived as the month before it.
    const monthBefore = shorter.events.filter((event) => event.occurredAt > END_MS - 30 * DAY_MS)
    expect(later.events.length / monthBefore.length).toBeGreaterThan(0.7)
    expect(later.events.length / monthBefore.length).toBeLessThan(1.3)
  })

  it('has nothing later where nothing was asked for', () => {
    expect(buildShop().later).toEqual({ versions: new Map(), events: [] })
  })
})
