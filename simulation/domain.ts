// What a domain declares of its made-up users. Everything a user does next depends on what can be
// observed of them, attributes and history, and on nothing else: that is why the truth can be computed.
import type { Attributes } from '../features/attributes.ts'
import type { Project } from '../features/project.ts'
import type { Random } from '../features/random.ts'
import type { World } from './world.ts'

/** What is observed of a user right after their latest event. It stands still until the next one. */
export interface Moment<Type extends string = string> {
  readonly last: Type | undefined
  readonly beforeLast: Type | undefined
  /** Attributes of the item of the latest event that names one. */
  readonly item: Attributes
  /** Context attributes of the latest event. */
  readonly context: Attributes
  /** log(1 + count) of the events in the 7 days up to the latest event, which counts too. */
  readonly week: Readonly<Record<Type | 'any', number>>
  /** Likewise in 28 days. */
  readonly month: Readonly<Record<Type | 'any', number>>
}

/** A number for each event type; the softmax of the numbers is the distribution of the next type. */
export type Scores<Type extends string> = Readonly<Record<Type, number>>

/** How one user behaves, with their attributes already looked at. */
export interface Behaviour<Type extends string = string> {
  /** Log-odds that the next event still belongs to this visit. */
  stay(now: Moment<Type>): number
  /** Mean time until the next visit, where this visit is over. */
  awayDays(now: Moment<Type>): number
  /** The next type where the visit goes on. */
  inVisit(now: Moment<Type>): Scores<Type>
  /** The first type of a new visit. */
  newVisit(now: Moment<Type>): Scores<Type>
}

/** How an attribute of a user changes while time passes, with a hazard that stands still between events. */
export interface AttributeChange<Type extends string = string> {
  readonly attribute: string
  /** How many times a day it changes, on average, for somebody as they stand. */
  perDay(user: Attributes, now: Moment<Type>): number
  /** What it turns into, by weight; into what it is already is no change. */
  readonly becomes: Readonly<Record<string, number>>
}

export interface Domain<Type extends string = string> {
  readonly project: Project
  readonly defaults: {
    /** Sizes when none are asked for. */
    readonly userCount: number
    readonly days: number
    /** What is switched on when nothing is said. */
    readonly world: Partial<World>
  }
  readonly itemCount: number
  /** The event type that the project is after: where behaviour drifts, it becomes rarer. */
  readonly wanted: Type
  /** Changes because of what is predicted. */
  readonly following?: AttributeChange<Type>
  /** Changes by itself. */
  readonly drifting?: AttributeChange<Type>
  /** Mean time between two events of a visit. */
  readonly visitGapMinutes: number
  /** Event types that are about the item seen last, where there is one. */
  readonly sameItem: readonly Type[]
  drawUser(random: Random): Attributes
  drawItem(random: Random): Attributes
  /** Drawn when a visit begins, kept until it ends. */
  drawContext(user: Attributes, random: Random): Attributes
  /** Names the user's taste: users of one taste choose items alike. */
  taste(user: Attributes): string
  /** How many times likelier than by its popularity alone an item is chosen. */
  appeal(taste: string, item: Attributes): number
  /** The value of an event whose type carries one. */
  drawValue(type: Type, about: { readonly item: Attributes; readonly random: Random }): number
  behaviour(user: Attributes): Behaviour<Type>
}

/** A domain with its event types no longer told apart by the compiler. */
export type Simulator = Domain

/** Checks a domain's event types against its project's at compile time. */
export function defineSimulator<Type extends string>(
  domain: NoInfer<Domain<Type>> & { readonly project: Project<Type> },
): Simulator {
  return domain
}

/** One of the values, drawn in proportion to its weight. */
export function drawOne<Value extends string>(
  weights: Readonly<Record<Value, number>>,
  random: Random,
): Value {
  const values = Object.keys(weights) as Value[]
  return values[random.pick(Object.values<number>(weights))] as Value
}
