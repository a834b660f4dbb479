// A made-up event log. Each user has a random stream of their own: what one does depends neither on
// how many others there are nor on what they do.
import { compareEvents } from '../features/event.ts'
import type { Attributes, Event } from '../features/event.ts'
import { DAY_MS } from '../features/project.ts'
import { createRandom } from '../features/random.ts'
import type { Random } from '../features/random.ts'
import { createCatalogue, drawItems } from './catalogue.ts'
import type { Catalogue, SimulatedItem } from './catalogue.ts'
import type { Simulator } from './domain.ts'
import { drawGap } from './outlook.ts'
import { createWalk } from './walk.ts'
import type { WalkStep } from './walk.ts'

export interface SimulationRequest {
  readonly simulator: Simulator
  readonly seed: number
  /** The simulator's default where absent. */
  readonly userCount?: number | undefined
  /** How much time the log spans; the simulator's default where absent. */
  readonly days?: number | undefined
  /** The end of the log, Unix milliseconds. */
  readonly endMs: number
}

export interface SimulatedUser {
  readonly id: string
  readonly attributes: Attributes
}

export interface Simulation {
  readonly users: readonly SimulatedUser[]
  readonly items: readonly SimulatedItem[]
  /** In order of (occurredAt, id), which is the order of the ids too. */
  readonly events: readonly Event[]
}

/** Of all users this share is there from the first week; the others come later. */
const EARLY_SHARE = 0.5
/** Nobody comes for the first time after this share of the time. */
const LATE_MAX = 0.85

/** Simulates the users of a project. Same request, same events. */
export function simulate({ simulator, seed, endMs, ...sizes }: SimulationRequest): Simulation {
  const { userCount = simulator.defaults.userCount, days = simulator.defaults.days } = sizes
  const random = createRandom(seed)
  const items = drawItems(simulator, random)
  const catalogue = createCatalogue(simulator, new Map(items.map((item) => [item.id, item.attributes])))
  const users: SimulatedUser[] = []
  const events: Event[] = []
  for (let index = 0; index < userCount; index += 1) {
    const ofUser = random.fork(`user/${index}`)
    const user = { id: `user-${String(index + 1).padStart(6, '0')}`, attributes: simulator.drawUser(ofUser) }
    users.push(user)
    const startMs = endMs - days * DAY_MS + firstDay(days, ofUser) * DAY_MS
    events.push(...userEvents(simulator, { user, catalogue, random: ofUser, startMs, endMs }))
  }
  return { users, items, events: events.toSorted(compareEvents) }
}

function firstDay(days: number, random: Random): number {
  const early = random.next() < EARLY_SHARE
  return random.next() * (early ? Math.min(7, days) : LATE_MAX * days)
}

interface UserRequest {
  readonly user: SimulatedUser
  readonly catalogue: Catalogue
  readonly random: Random
  readonly startMs: number
  readonly endMs: number
}

function userEvents(simulator: Simulator, { user, catalogue, random, startMs, endMs }: UserRequest): Event[] {
  const types = Object.keys(simulator.project.events)
  const walk = createWalk(simulator, { attributes: user.attributes, catalogue })
  const events: Event[] = []
  let occurredAt = Math.round(startMs)
  let newVisit = true
  let probabilities = walk.outlook().away.types
  while (occurredAt <= endMs) {
    const type = types[random.pick(probabilities)] ?? ''
    events.push(eventOf(user.id, walk.step({ type, occurredAt, newVisit }, random)))
    const outlook = walk.outlook()
    const { way, gapMs } = drawGap(outlook, random)
    newVisit = way === outlook.away
    probabilities = way.types
    occurredAt += gapMs
  }
  return events
}

/** A user has at most one event a millisecond, so time and user make an id of fixed length. */
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
