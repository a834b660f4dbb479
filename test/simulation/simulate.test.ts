import { describe, expect, it } from 'vitest'
import type { Attributes, Versions } from '../../features/attributes.ts'
import { compareEvents } from '../../features/event.ts'
import type { Event } from '../../features/event.ts'
import { headKindOfTask } from '../../features/heads/kinds.ts'
import { DAY_MS } from '../../features/project.ts'
import type { Attribute } from '../../features/project.ts'
import { classesOf, target } from '../../features/target.ts'
import { simulatorByName } from '../../simulation/index.ts'
import type { Simulator } from '../../simulation/index.ts'
import { defineSimulator } from '../../simulation/domain.ts'
import type { Domain } from '../../simulation/domain.ts'
import { projectNames } from '../../cli/projects/project-file.ts'
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

function everything(all: readonly { readonly versions: Versions }[]): Attributes[] {
  return all.flatMap(({ versions }) => versions.map((version) => version.attributes))
}

describe('simulatorByName', () => {
  it('finds each simulator by the name of its project, which is one of the projects', () => {
    expect(Object.keys(simulatorByName)).toEqual(['shop', 'course', 'finance', 'social'])
    for (const [name, simulator] of Object.entries(simulatorByName)) {
      expect(simulator.project.name).toBe(name)
      expect(projectNames()).toContain(name)
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
    const { law: _law, ...first } = buildSimulation(simulator)
    expect(buildSimulation(simulator)).toMatchObject(first)
    const other = buildSimulation(simulator, { seed: 2 })
    expect(other.events).not.toEqual(first.events)
    expect(other.items).not.toEqual(first.items)
  })

  it('lets each user do the same, however many others there are', () => {
    // By arrival, names tell how many others there are.
    const world = { idsByArrival: false }
    const few = buildSimulation(simulator, { userCount: 10, world })
    const many = buildSimulation(simulator, { userCount: 40, world })
    const known = new Set(few.users.map((user) => user.id))
    expect(many.users.slice(0, 10)).toEqual(few.users)
    expect(many.items).toEqual(few.items)
    expect(many.events.filter((event) => known.has(event.userId))).toEqual(few.events)
  })

  it('lets each user do the same, whatever the others do', () => {
    const { users, events } = buildSimulation(simulator)
    const first = users[0]?.versions[0]?.attributes ?? {}
    const isLikeFirst = ({ age }: Attributes): boolean => age === first['age']
    const changed = buildSimulation({
      ...simulator,
      behaviour: (attributes) => {
        const usual = simulator.behaviour(attributes)
        return isLikeFirst(attributes) ? { ...usual, stay: () => -Infinity, awayDays: () => 1_000 } : usual
      },
    })
    const isOther = ({ id }: { readonly id: string }): boolean => others.has(id)
    const others = new Set(users.filter((user) => !everything([user]).some(isLikeFirst)).map(({ id }) => id))
    const ofOthers = (from: readonly Event[]): Event[] => from.filter((event) => others.has(event.userId))
    expect(changed.events.length).toBeLessThan(events.length)
    expect(changed.users.filter(isOther)).toEqual(users.filter(isOther))
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
    expect(everything(users).filter((attributes) => !isDeclared(attributes, project.user))).toEqual([])
    expect(everything(items).filter((attributes) => !isDeclared(attributes, project.item))).toEqual([])
    expect(events.every((event) => userIds.has(event.userId))).toBe(true)
    expect(events.every(({ itemId }) => itemId === undefined || itemIds.has(itemId))).toBe(true)
  })

  it('knows everybody by their first event, and of each change in turn', () => {
    const { users, events } = buildSimulation(simulator)
    const firstMs = new Map(events.toReversed().map((event) => [event.userId, event.occurredAt]))
    for (const { id, versions } of users) {
      const times = versions.map((version) => version.knownAt)
      expect(times[0]).toBe(firstMs.get(id))
      expect(times.every((ms, index) => index === 0 || ms > (times[index - 1] ?? 0))).toBe(true)
      expect(times.at(-1)).toBeLessThanOrEqual(END_MS)
    }
  })

  it('gives every declared attribute a value, somewhere', () => {
    const { users, items, events } = buildSimulation(simulator)
    const given = (all: readonly Attributes[]): string[] =>
      [...new Set(all.flatMap((one) => Object.keys(one).filter((name) => one[name] !== null)))].toSorted()
    expect(given(everything(users))).toEqual(Object.keys(project.user).toSorted())
    expect(given(everything(items))).toEqual(Object.keys(project.item).toSorted())
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
    const asked = askOnce(buildSimulation(simulator, { userCount: 1_000, days: DAYS }))
    for (const [name, task] of Object.entries(project.tasks)) {
      const targets = asked.flatMap(
        ({ atMs, history }) => target(project, task, { atMs, events: history, knownUntilMs: END_MS }) ?? [],
      )
      const share = (is: (value: number) => boolean): number => targets.filter(is).length / targets.length
      if (headKindOfTask[task.kind] === 'amount') {
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
