// A made-up event log. Each user has random streams of their own: what one does depends neither on how
// many others there are nor on what they do.
import type { AttributeVersion, Attributes, Versions } from '../features/attributes.ts'
import { compareEvents } from '../features/event.ts'
import type { Event } from '../features/event.ts'
import { DAY_MS } from '../features/project.ts'
import { createRandom } from '../features/random.ts'
import type { Random } from '../features/random.ts'
import { drawArrival, nameUsers } from './arrivals.ts'
import { BOT_ID, createBot } from './bot.ts'
import type { SimulatedItem } from './catalogue.ts'
import { drawNext } from './draw-next.ts'
import { createLaw } from './law.ts'
import type { Law, LawRequest } from './law.ts'
import { receiptOf } from './receipts.ts'
import { createTurns } from './turns.ts'
import { createWalk } from './walk.ts'
import type { NextStep, WalkStep } from './walk.ts'

export interface SimulationRequest extends LawRequest {
  /** The simulator's default where absent. */
  readonly userCount?: number | undefined
  /** Everybody's life goes on for so long after the end of the log; nobody new comes. */
  readonly daysAfter?: number | undefined
}

export interface SimulatedUser {
  readonly id: string
  /** What was known of the user over time; the first from their first moment on. */
  readonly versions: Versions
}

export interface Simulation {
  readonly law: Law
  /** By their ids; a machine is the last. */
  readonly users: readonly SimulatedUser[]
  readonly items: readonly SimulatedItem[]
  /** All that was received by the end, in the order of a history. */
  readonly events: readonly Event[]
  /** What comes after the end of the log, which is the same with it or without. */
  readonly later: {
    /** Of users whose attributes change after the end: all their versions, those of the log too. */
    readonly versions: ReadonlyMap<string, Versions>
    readonly events: readonly Event[]
  }
}

/** Simulates the users of a project. Same request, same events. */
export function simulate({ userCount, daysAfter = 0, ...request }: SimulationRequest): Simulation {
  const law = createLaw(request)
  const count = userCount ?? request.simulator.defaults.userCount
  const random = createRandom(request.seed)
  const untilMs = request.endMs + daysAfter * DAY_MS
  const streams = Array.from({ length: count }, (_, index) => `user/${index}`)
  const ids = nameUsers(
    law,
    streams.map((stream) => arrive(law, random.fork(stream)).startMs),
  )
  const receive = receiptOf(law.world)
  const known = streams.map((stream, index): Known => {
    const id = ids[index] ?? ''
    const ofUser = random.fork(stream)
    const { versions, steps } = live(law, ofUser, untilMs)
    const events = steps.flatMap((step) => eventsOf(id, step))
    return { id, versions, events: receive(events, ofUser.fork('receipt')) }
  })
  known.sort((left, right) => (left.id < right.id ? -1 : 1))
  if (law.world.bot) known.push(knownBot(law, random.fork('bot')))
  return { law, items: law.items, ...cutAt(request.endMs, known) }
}

interface Arrival {
  readonly attributes: Attributes
  readonly startMs: number
}

function arrive(law: Law, random: Random): Arrival {
  const attributes = law.simulator.drawUser(random)
  return { attributes, startMs: drawArrival(law, random) }
}

/** All that a user does from their first moment on. */
function live(
  law: Law,
  random: Random,
  untilMs: number,
): { readonly versions: Versions; readonly steps: readonly WalkStep[] } {
  const { attributes, startMs } = arrive(law, random)
  const types = Object.keys(law.simulator.project.events)
  const walk = createWalk(law, { attributes, atMs: startMs })
  const turns = createTurns(law, { walk, randomOf: (name) => random.fork(name) })
  const versions: AttributeVersion[] = [{ knownAt: startMs, attributes }]
  const onChange = (version: AttributeVersion): number => versions.push(version)
  const steps: WalkStep[] = []
  const first = types[random.pick(walk.outlook().away.types)] ?? ''
  let next: NextStep | undefined = { type: first, occurredAt: startMs, newVisit: true }
  while (next !== undefined) {
    steps.push(walk.step(next, random))
    next = drawNext({ walk, turns, types, random, untilMs, onChange })
  }
  return { versions, steps }
}

/** Somebody of whom both is known, the log and what comes after it. */
interface Known extends SimulatedUser {
  readonly events: readonly Event[]
}

function knownBot(law: Law, random: Random): Known {
  const { attributes, startMs, steps } = createBot(law, random)
  const events = steps.flatMap((step) => eventsOf(BOT_ID, step))
  return { id: BOT_ID, versions: [{ knownAt: startMs, attributes }], events }
}

/** What belongs to the moment of a step: the event itself and the further lines of its basket. */
function eventsOf(userId: string, { further = [], ...step }: WalkStep): Event[] {
  const first = eventOf(userId, step)
  const lines = further.map(({ itemId, value }, index) => ({
    ...eventOf(userId, { ...step, itemId, value }),
    id: `${first.id}-${index + 2}`,
    place: index + 1,
  }))
  return [first, ...lines]
}

/** A user has at most one step a millisecond, so time and user make an id of fixed length. */
function eventOf(userId: string, { type, occurredAt, itemId, value, context }: WalkStep): Event {
  return {
    id: `${occurredAt}-${userId}`,
    type,
    userId,
    ...(itemId === undefined ? {} : { itemId }),
    ...(value === undefined ? {} : { value }),
    properties: context,
    occurredAt,
    receivedAt: occurredAt,
  }
}

function cutAt(endMs: number, known: readonly Known[]): Pick<Simulation, 'users' | 'events' | 'later'> {
  const events = known.flatMap((user) => user.events).toSorted(compareEvents)
  const isKnown = (version: AttributeVersion): boolean => version.knownAt <= endMs
  const changing = known.filter(({ versions }) => !versions.every(isKnown))
  return {
    users: known.map(({ id, versions }) => ({ id, versions: versions.filter(isKnown) })),
    events: events.filter((event) => event.receivedAt <= endMs),
    later: {
      versions: new Map(changing.map(({ id, versions }) => [id, versions])),
      events: events.filter((event) => event.receivedAt > endMs),
    },
  }
}
