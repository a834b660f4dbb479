// What a team declares: event types, attributes and tasks. Names flow through as literal types, so
// that a wrong name fails to compile; what types cannot see is checked when defineProject is called.
// How files map to events is declared in features/source.ts.
import { checkProject } from './check-project.ts'
import type { EncoderDeclaration } from './encoder.ts'
import { withMadeVectors } from './made-vectors.ts'
import type { Source } from './source.ts'

export const HOUR_MS = 3_600_000
export const DAY_MS = 86_400_000
const UNIT_MS: Readonly<Record<string, number>> = {
  withinDays: DAY_MS,
  withinHours: HOUR_MS,
  withinMinutes: 60_000,
}

interface AttributeOptions {
  /**
   * Does not change, or not because of what is predicted: a file that gives it without a time tells
   * nothing of the future.
   */
  readonly fixed?: true
}
/** A number; missing values are allowed and seen by the model as such. */
export interface NumberAttribute extends AttributeOptions {
  readonly kind: 'number'
}
/** One of a set of names learned from data; names never seen in training read as unknown. */
export interface CategoryAttribute extends AttributeOptions {
  readonly kind: 'category'
}
/** Free text, read by its words, pairs of words, and pieces of rare words; with an encoder by its vector too. */
export interface TextAttribute extends AttributeOptions {
  readonly kind: 'text'
  /** Of users and items alone: what comes with an event or a request nobody encodes. */
  readonly encoder?: EncoderDeclaration
}
/** So many numbers that a pre-trained encoder made of a text, a picture or a sound; all of them, or it is missing. */
export interface VectorAttribute extends AttributeOptions {
  readonly kind: 'vector'
  readonly length: number
  /** Made of the text of this name by its encoder, and not given. */
  readonly madeOf?: string
}
export type Attribute = NumberAttribute | CategoryAttribute | TextAttribute | VectorAttribute

export function number(options: AttributeOptions = {}): NumberAttribute {
  return { kind: 'number', ...options }
}
export function category(options: AttributeOptions = {}): CategoryAttribute {
  return { kind: 'category', ...options }
}
export function text(options: Omit<TextAttribute, 'kind'> = {}): TextAttribute {
  return { kind: 'text', ...options }
}

/** @param length how many numbers it has */
export function vector(length: number, options: AttributeOptions = {}): VectorAttribute {
  return { kind: 'vector', length, ...options }
}

/** Declares an event type: whether it names an item and whether it carries a value. */
export interface EventDeclaration {
  readonly item?: boolean
  readonly value?: boolean
}

/** A horizon: exactly one of the three. */
export type Within =
  | { readonly withinDays: number; readonly withinHours?: never; readonly withinMinutes?: never }
  | { readonly withinHours: number; readonly withinDays?: never; readonly withinMinutes?: never }
  | { readonly withinMinutes: number; readonly withinDays?: never; readonly withinHours?: never }

/** How an answer may go with a number: never down where that is higher, or never up. */
export type Direction = 'rises' | 'falls'

/** What every kind of task may have. */
interface TaskOptions {
  /** By number attribute, as user.age or item.price. Of a task with two classes it is the second that is meant. */
  readonly monotone?: Readonly<Record<string, Direction>> | undefined
}

/** Does an event of this type happen within the horizon? */
export interface OccursTask<Type extends string = string> extends TaskOptions {
  readonly kind: 'occurs'
  readonly type: Type
  readonly horizonMs: number
}
/** Does no event at all happen within the horizon? */
export interface AbsentTask extends TaskOptions {
  readonly kind: 'absent'
  readonly horizonMs: number
}
/** Of which type is the next event? Told for the case that one comes within the horizon. */
export interface NextEventTask extends TaskOptions {
  readonly kind: 'nextEvent'
  /** null where the project looks ahead nowhere else: then whenever the next event comes. */
  readonly horizonMs: number | null
}
/** The sum of the values of events of this type within the horizon. */
export interface TotalTask<Type extends string = string> extends TaskOptions {
  readonly kind: 'total'
  readonly type: Type
  readonly horizonMs: number
}
/**
 * At how many moments do events of this type occur within the horizon? Lines of one moment are one visit; to
 * add them up, let each carry a value and ask for the total.
 */
export interface CountTask<Type extends string = string> extends TaskOptions {
  readonly kind: 'count'
  readonly type: Type
  readonly horizonMs: number
}
/** Which of these values does a labelled row give to a user at its moment? */
export interface LabelTask<Value extends string = string> extends TaskOptions {
  readonly kind: 'label'
  readonly values: readonly Value[]
}
export type Task<Type extends string = string> =
  | OccursTask<Type>
  | AbsentTask
  | NextEventTask
  | TotalTask<Type>
  | CountTask<Type>
  | LabelTask

/** Milliseconds of a horizon. Throws unless it is a positive finite number. */
function horizonMs(within: Within): number {
  const [[unit, length] = ['', NaN], ...others] = Object.entries(within ?? {})
  const ms = length * (UNIT_MS[unit] ?? NaN)
  if (others.length > 0 || !Number.isFinite(ms) || ms < 1) {
    throw new Error(
      `A horizon must be a positive length of time, one of ${Object.keys(UNIT_MS).join(', ')}, got ${JSON.stringify(within)}`,
    )
  }
  return Math.round(ms)
}

export function occurs<const Type extends string>(type: Type, within: Within): OccursTask<Type> {
  return { kind: 'occurs', type, horizonMs: horizonMs(within) }
}
export function absent(within: Within): AbsentTask {
  return { kind: 'absent', horizonMs: horizonMs(within) }
}
/** Without a horizon of its own it takes the longest of the project's other tasks. */
export function nextEvent(within?: Within): NextEventTask {
  return { kind: 'nextEvent', horizonMs: within === undefined ? null : horizonMs(within) }
}
export function total<const Type extends string>(type: Type, within: Within): TotalTask<Type> {
  return { kind: 'total', type, horizonMs: horizonMs(within) }
}
export function count<const Type extends string>(type: Type, within: Within): CountTask<Type> {
  return { kind: 'count', type, horizonMs: horizonMs(within) }
}
export function label<const Value extends string>(values: readonly Value[]): LabelTask<Value> {
  if (values.length < 2) throw new Error(`A label needs two values or more, got ${values.length}`)
  if (new Set(values).size !== values.length) throw new Error('The values of a label must differ')
  return { kind: 'label', values }
}

/**
 * The same task, whose answer goes one way only with these number attributes, all else equal, whatever the data
 * say: monotone(label(['kept', 'left']), { 'user.complaints': 'rises' }).
 */
export function monotone<const Asks extends Task>(
  task: Asks,
  directions: Readonly<Record<string, Direction>>,
): Asks {
  return { ...task, monotone: directions }
}

/**
 * When predictions are asked for: right after an event, as a page does; once a day about everybody who is
 * known, as a nightly job does; or at any time, which is both.
 */
export type Asked = 'afterEvents' | 'daily' | 'anytime'

/** Which kind of model is trained, and which of its settings are other than usual. */
export interface TrainingDeclaration {
  /** As named on the command line, which may name another: then these settings do not count. */
  readonly family: string
  /** By name; those that are absent are as the family has them. */
  readonly settings?: Readonly<Record<string, number | string | boolean>>
}

type Declared<Value> = Readonly<Record<string, Value>>

export interface ProjectDeclaration<
  Events extends Declared<EventDeclaration>,
  User extends Declared<Attribute>,
  Item extends Declared<Attribute>,
  Context extends Declared<Attribute>,
  Tasks extends Declared<Task<Extract<keyof Events, string>>>,
> {
  /** Lower-case letters, digits and dashes; names the project on the command line. */
  readonly name: string
  readonly events?: Events
  readonly user?: User
  readonly item?: Item
  readonly context?: Context
  readonly tasks: Tasks
  /** When predictions will be asked for; training asks its past questions likewise. */
  readonly asked?: Asked
  /** What `presage tune` finds lands here. */
  readonly training?: TrainingDeclaration | undefined
  /** How a data file's columns map to this project; without it the standard columns are expected. */
  readonly source?: Source
}

/** A declaration with nothing left out. `Tasks` keeps the kind of every task under its name. */
export interface Project<
  EventType extends string = string,
  User extends string = string,
  Item extends string = string,
  Context extends string = string,
  Tasks extends Declared<Task> = Declared<Task>,
> {
  readonly name: string
  readonly events: Readonly<Record<EventType, EventDeclaration>>
  readonly user: Readonly<Record<User, Attribute>>
  readonly item: Readonly<Record<Item, Attribute>>
  readonly context: Readonly<Record<Context, Attribute>>
  /** Complete: each says how far it looks ahead. */
  readonly tasks: Tasks
  readonly asked: Asked
  readonly training: TrainingDeclaration | undefined
  readonly source: Source | undefined
}

type Name<Fields> = Extract<keyof Fields, string>
type Nothing = Readonly<Record<never, never>>

/**
 * Checks a declaration and fills in what it leaves out.
 * Throws when a key or a name is not allowed or a value is of another kind, with its path; when a task asks
 * about an event type that is not declared or carries no value, or a source maps what is not declared.
 */
export function defineProject<
  const Tasks extends Declared<Task<Extract<keyof Events, string>>>,
  const Events extends Declared<EventDeclaration> = Nothing,
  const User extends Declared<Attribute> = Nothing,
  const Item extends Declared<Attribute> = Nothing,
  const Context extends Declared<Attribute> = Nothing,
>(
  declaration: ProjectDeclaration<Events, User, Item, Context, Tasks>,
): Project<Name<Events>, Name<User>, Name<Item>, Name<Context>, Tasks> {
  const fault = checkProject(declaration)
  if (fault !== undefined) throw new Error(`Project '${declaration.name}': ${fault}`)
  const { name, tasks, asked = 'anytime', training, source } = declaration
  return {
    name,
    events: orNothing(declaration.events),
    user: withMadeVectors(orNothing(declaration.user)),
    item: withMadeVectors(orNothing(declaration.item)),
    context: orNothing(declaration.context),
    tasks: withHorizons(tasks),
    asked,
    training,
    source,
  }
}

/** A part that a declaration leaves out has no members; its type says so already. */
function orNothing<Fields>(fields: Fields | undefined): Fields {
  return fields ?? ({} as Fields)
}

/** A next event without a horizon takes the longest of the others. */
function withHorizons<Tasks extends Declared<Task>>(tasks: Tasks): Tasks {
  const longestMs = Math.max(0, ...Object.values(tasks).map(horizonMsOf))
  const entries = Object.entries(tasks).map(([name, task]) => [
    name,
    task.kind === 'nextEvent' && task.horizonMs === null && longestMs > 0
      ? { ...task, horizonMs: longestMs }
      : task,
  ])
  return Object.fromEntries(entries) as Tasks
}

/** Whether users of the project have histories; without, its data is a table of labelled rows. */
export function hasEvents(project: Project): boolean {
  return Object.keys(project.events).length > 0
}

/** The label tasks of a project by name, in the order in which it declares them. */
export function labelTasksOf({ tasks }: Pick<Project, 'tasks'>): readonly (readonly [string, LabelTask])[] {
  return Object.entries(tasks).filter((entry): entry is [string, LabelTask] => entry[1].kind === 'label')
}

/** How far a task looks ahead, in milliseconds; 0 where it does not, or without a bound. */
export function horizonMsOf(task: Task): number {
  return 'horizonMs' in task ? (task.horizonMs ?? 0) : 0
}

/** The longest horizon of the project's tasks, in milliseconds; 0 where none has one. */
export function longestHorizonMs(project: Project): number {
  return Math.max(0, ...Object.values(project.tasks).map(horizonMsOf))
}

/** Whether two declarations ask the same question, so that an answer to one answers the other. */
export function sameMeaning(left: Task, right: Task): boolean {
  return JSON.stringify(meaningOf(left)) === JSON.stringify(meaningOf(right))
}

function meaningOf(task: Task): unknown {
  const of = 'type' in task ? task.type : 'values' in task ? task.values : null
  return [task.kind, of, horizonMsOf(task)]
}
