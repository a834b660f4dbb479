import { describe, expect, it } from 'vitest'
import { compareEvents } from '../../features/event.ts'
import type { Attributes, Event } from '../../features/event.ts'
import { DAY_MS } from '../../features/project.ts'
import type { Attribute } from '../../features/project.ts'
import { classesOf, target } from '../../features/target.ts'
import { simulatorByName } from '../../simulation/index.ts'
import type { Simulator } from '../../simulation/index.ts'
import { defineSimulator } from '../../simulation/domain.ts'
import type { Domain } from '../../simulation/domain.ts'
import { projectNames } from '../../projects/index.ts'
import { shop } from '../../projects/shop.ts'
import { END_MS, askOnce, buildSimulation } from './build-simulation.ts'

const DAYS = 120

/** Whether every attribute is declared, and missing or of the declared kind. */
function isDeclared(attributes: Attributes, declared: Readonly<Record<string, Attribute>>): boolean {
  return Object.entries(attributes).every(([name, value]) => {
    const kind = declared[name]?.kind
    if (kind === undefined) return false
    return value === null || typeof value === (kind === 'number' ? 'number' : 'string')
  })
}

function eventFits(simulator: Simulator, { type, itemId, value, properties }: Event): boolean {
  const { events, context } = simulator.project
  const declared = events[type]
  return (
    declared !== undefined &&
    (itemId !== undefined) === (declared.item === true) &&
    (value !== undefined) === (declared.value === true) &&
    (value === undefined || (Number.isFinite(value) && value >= 0)) &&
    isDeclared(properties ?? {}, context)
  )
}

describe('simulatorByName', () => {
  it('finds each simulator by the name of its project, which is one of the projects', () => {
    expect(Object.keys(simulatorByName)).toEqual(['shop', 'course', 'finance', 'social'])
    for (const [name, simulator] of Object.entries(simulatorByName)) {
      expect(simulator.project.name).toBe(name)
      expect(projectNames).toContain(name)
    }
  })
})

describe('defineSimulator', () => {
  it('compiles for the event types of its project alone', () => {
    const declare = (domain: Omit<Domain<'view' | 'cart' | 'purchase' | 'search'>, 'project'>): Simulator =>
      defineSimulator({ ...domain, project: shop })
    const misspell = (domain: Omit<Domain<'view' | 'carts'>, 'project'>): Simulator =>
      // @ts-expect-error the shop knows no 'carts'
      defineSimulator({ ...domain, project: shop })
    // Both are for the compiler, which fails where the line above compiles.
    expect([typeof declare, typeof misspell]).toEqual(['function', 'function'])
  })
})

describe.each(Object.entries(simulatorByName))('simulate %s', (_name, simulator) => {
  const { project } = simulator

  it('gives the same log for the same seed, and another for another', () => {
    const first = buildSimulation(simulator)
    expect(buildSimulation(simulator)).toEqual(first)
    const other = buildSimulation(simulator, { seed: 2 })
    expect(other.events).not.toEqual(first.events)
    expect(other.items).not.toEqual(first.items)
  })

  it('lets each user do the same, however many others there are', () => {
    const few = buildSimulation(simulator, { userCount: 10 })
    const many = buildSimulation(simulator, { userCount: 40 })
    const known = new Set(few.users.map((user) => user.id))
    expect(many.users.slice(0, 10)).toEqual(few.users)
    expect(many.items).toEqual(few.items)
    expect(many.events.filter((event) => known.has(event.userId))).toEqual(few.events)
  })

  it('lets each user do the same, whatever the others do', () => {
    const { users, events } = buildSimulation(simulator)
    const isLikeFirst = (attributes: Attributes): boolean =>
      JSON.stringify(attributes) === JSON.stringify(users[0]?.attributes)
    const changed = buildSimulation({
      ...simulator,
      behaviour: (attributes) => {
        const usual = simulator.behaviour(attributes)
        return isLikeFirst(attributes) ? { ...usual, stay: () => -Infinity, awayDays: () => 1_000 } : usual
      },
    })
    const others = new Set(users.filter((user) => !isLikeFirst(user.attributes)).map(({ id }) => id))
    const ofOthers = (from: readonly Event[]): Event[] => from.filter((event) => others.has(event.userId))
    expect(changed.events.length).toBeLessThan(events.length)
    expect(changed.users).toEqual(users)
    expect(ofOthers(changed.events)).toEqual(ofOthers(events))
  })

  it('gives events in order, with ids that are unique and in order too, inside the time asked for', () => {
    const { events } = buildSimulation(simulator)
    const ids = events.map((event) => event.id)
    expect(events.length).toBeGreaterThan(200)
    expect(events.toSorted(compareEvents)).toEqual(events)
    expect(ids.toSorted()).toEqual(ids)
    expect(new Set(ids).size).toBe(ids.length)
    expect(events[0]?.occurredAt).toBeGreaterThanOrEqual(END_MS - 90 * DAY_MS)
    expect(events.at(-1)?.occurredAt).toBeLessThanOrEqual(END_MS)
    expect(events.every((event) => event.receivedAt === event.occurredAt)).toBe(true)
  })

  it('keeps to what the project declares', () => {
    const { users, items, events } = buildSimulation(simulator)
    const userIds = new Set(users.map((user) => user.id))
    const itemIds = new Set(items.map((item) => item.id))
    expect(events.filter((event) => !eventFits(simulator, event))).toEqual([])
    expect(users.filter(({ attributes }) => !isDeclared(attributes, project.user))).toEqual([])
    expect(items.filter(({ attributes }) => !isDeclared(attributes, project.item))).toEqual([])
    expect(events.every((event) => userIds.has(event.userId))).toBe(true)
    expect(events.every(({ itemId }) => itemId === undefined || itemIds.has(itemId))).toBe(true)
  })

  it('gives every declared attribute a value, somewhere', () => {
    const { users, items, events } = buildSimulation(simulator)
    const given = (all: readonly Attributes[]): string[] =>
      [...new Set(all.flatMap((one) => Object.keys(one).filter((name) => one[name] !== null)))].toSorted()
    expect(given(users.map((user) => user.attributes))).toEqual(Object.keys(project.user).toSorted())
    expect(given(items.map((item) => item.attributes))).toEqual(Object.keys(project.item).toSorted())
    expect(given(events.map((event) => event.properties ?? {}))).toEqual(
      Object.keys(project.context).toSorted(),
    )
  })

  it('keeps everybody human: nobody comes back ever faster, until nothing else is left in the log', () => {
    const { events } = buildSimulation(simulator, { userCount: 400, days: simulator.defaults.days })
    const lastWeek = events.filter((event) => event.occurredAt > END_MS - 7 * DAY_MS)
    const counts = [...Map.groupBy(lastWeek, (event) => event.userId).values()].map((own) => own.length)
    expect(counts.length).toBeGreaterThan(40)
    expect(Math.max(...counts)).toBeLessThan(7 * 40)
  })

  it('answers each task now this way and now that, so that there is something to learn', () => {
    const asked = askOnce(simulator, buildSimulation(simulator, { userCount: 1_000, days: DAYS }))
    for (const [name, task] of Object.entries(project.tasks)) {
      const targets = asked.flatMap(
        ({ atMs, history }) =>
          target(project, task, { at: atMs, events: history, knownUntilMs: END_MS }) ?? [],
      )
      const share = (is: (value: number) => boolean): number => targets.filter(is).length / targets.length
      if (task.kind === 'total') {
        expect(
          share((amount) => amount > 0),
          name,
        ).toBeGreaterThan(0.1)
        expect(
          share((amount) => amount === 0),
          name,
        ).toBeGreaterThan(0.1)
        continue
      }
      const least = task.kind === 'nextEvent' ? 0.005 : 0.03
      for (const [index, outcome] of classesOf(project, task).entries()) {
        expect(
          share((value) => value === index),
          `${name}: ${outcome}`,
        ).toBeGreaterThan(least)
      }
    }
  })
})
