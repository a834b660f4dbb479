// What a team declares: event types, attributes and tasks. Names flow through as literal types, so
// that a wrong name fails to compile; what types cannot see is checked when defineProject is called.
// How files map to events is declared in features/source.ts.
import type { Source } from './source.ts'

const MINUTE_MS = 60_000
export const DAY_MS = 86_400_000

/** A number; missing values are allowed and seen by the model as such. */
export interface NumberAttribute {
  readonly kind: 'number'
}
/** One of a set of names learned from data; names never seen in training read as unknown. */
export interface CategoryAttribute {
  readonly kind: 'category'
}
/** Free text, read as a bag of hashed words. */
export interface TextAttribute {
  readonly kind: 'text'
}
export type Attribute = NumberAttribute | CategoryAttribute | TextAttribute

export function number(): NumberAttribute {
  return { kind: 'number' }
}
export function category(): CategoryAttribute {
  return { kind: 'category' }
}
export function text(): TextAttribute {
  return { kind: 'text' }
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

/** Does an event of this type happen within the horizon? */
export interface OccursTask<Type extends string = string> {
  readonly kind: 'occurs'
  readonly type: Type
  readonly horizonMs: number
}
/** Does no event at all happen within the horizon? */
export interface AbsentTask {
  readonly kind: 'absent'
  readonly horizonMs: number
}
/** Of which type is the next event? Told for the case that one comes within the project's longest horizon. */
export interface NextEventTask {
  readonly kind: 'nextEvent'
}
/** The sum of the values of events of this type within the horizon. */
export interface TotalTask<Type extends string = string> {
  readonly kind: 'total'
  readonly type: Type
  readonly horizonMs: number
}
/** Which of these values does a labelled row have? */
export interface LabelTask<Value extends string = string> {
  readonly kind: 'label'
  readonly values: readonly Value[]
}
export type Task<Type extends string = string> =
  | OccursTask<Type>
  | AbsentTask
  | NextEventTask
  | TotalTask<Type>
  | LabelTask

/** Milliseconds of a horizon. Throws unless it is a positive finite number. */
function horizonMs(within: Within): number {
  const { withinDays = 0, withinHours = 0, withinMinutes = 0 } = within
  const ms = withinDays * DAY_MS + withinHours * 60 * MINUTE_MS + withinMinutes * MINUTE_MS
  if (!Number.isFinite(ms) || ms < 1) {
    throw new Error(`A horizon must be a positive length of time, got ${JSON.stringify(within)}`)
  }
  return Math.round(ms)
}

export function occurs<const Type extends string>(type: Type, within: Within): OccursTask<Type> {
  return { kind: 'occurs', type, horizonMs: horizonMs(within) }
}
export function absent(within: Within): AbsentTask {
  return { kind: 'absent', horizonMs: horizonMs(within) }
}
export function nextEvent(): NextEventTask {
  return { kind: 'nextEvent' }
}
export function total<const Type extends string>(type: Type, within: Within): TotalTask<Type> {
  return { kind: 'total', type, horizonMs: horizonMs(within) }
}
export function label<const Value extends string>(values: readonly Value[]): LabelTask<Value> {
  if (values.length < 2) throw new Error(`A label needs two values or more, got ${values.length}`)
  if (new Set(values).size !== values.length) throw new Error('The values of a label must differ')
  return { kind: 'label', values }
}

/** Right after an event, as a page does; or at any time, as a page and a nightly job do between them. */
export type Asked = 'afterEvents' | 'anytime'

export interface ProjectDeclaration<
  Events extends Readonly<Record<string, EventDeclaration>>,
  User extends Readonly<Record<string, Attribute>>,
  Item extends Readonly<Record<string, Attribute>>,
  Context extends Readonly<Record<string, Attribute>>,
  Tasks extends Readonly<Record<string, Task<Extract<keyof Events, string>>>>,
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
  /** How a data file's columns map to this project; without it the standard columns are expected. */
  readonly source?: Source
}

export interface Project<
  EventType extends string = string,
  User extends string = string,
  Item extends string = string,
  Context extends string = string,
  TaskName extends string = string,
> {
  readonly name: string
  readonly events: Readonly<Record<EventType, EventDeclaration>>
  readonly user: Readonly<Record<User, Attribute>>
  readonly item: Readonly<Record<Item, Attribute>>
  readonly context: Readonly<Record<Context, Attribute>>
  readonly tasks: Readonly<Record<TaskName, Task>>
  readonly asked: Asked
  readonly source: Source | undefined
}

type Name<Fields> = Extract<keyof Fields, string>

/**
 * Checks a declaration and fills in what it leaves out.
 * Throws when a name is not allowed, a task asks about an event type that is not declared or carries
 * no value, or label tasks are mixed with tasks about events.
 */
export function defineProject<
  const Tasks extends Readonly<Record<string, Task<Extract<keyof Events, string>>>>,
  const Events extends Readonly<Record<string, EventDeclaration>> = Readonly<Record<never, never>>,
  const User extends Readonly<Record<string, Attribute>> = Readonly<Record<never, never>>,
  const Item extends Readonly<Record<string, Attribute>> = Readonly<Record<never, never>>,
  const Context extends Readonly<Record<string, Attribute>> = Readonly<Record<never, never>>,
>(
  declaration: ProjectDeclaration<Events, User, Item, Context, Tasks>,
): Project<Name<Events>, Name<User>, Name<Item>, Name<Context>, Name<Tasks>> {
  const project = {
    name: declaration.name,
    events: declaration.events ?? {},
    user: declaration.user ?? {},
    item: declaration.item ?? {},
    context: declaration.context ?? {},
    tasks: declaration.tasks,
    asked: declaration.asked ?? 'anytime',
    source: declaration.source,
  }
  assertProject(project)
  return project as unknown as Project<Name<Events>, Name<User>, Name<Item>, Name<Context>, Name<Tasks>>
}

/** Whether the project's data is a table of labelled rows and not a log of events. */
export function isTable(project: Project): boolean {
  return Object.values(project.tasks).some((task) => task.kind === 'label')
}

/** The longest horizon of the project's tasks, in milliseconds; 0 where none has one. */
export function longestHorizonMs(project: Project): number {
  return Math.max(
    0,
    ...Object.values(project.tasks).map((task) => ('horizonMs' in task ? task.horizonMs : 0)),
  )
}

function assertProject(project: Project): void {
  const fault = (message: string): never => {
    throw new Error(`Project '${project.name}': ${message}`)
  }
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(project.name)) {
    fault('its name must be lower-case letters, digits and dashes, at most 63')
  }
  const tasks = Object.entries(project.tasks)
  if (tasks.length === 0) fault('it declares no task')
  const labels = tasks.filter(([, task]) => task.kind === 'label').length
  if (labels > 0 && labels < tasks.length) fault('label tasks cannot be mixed with tasks about events')
  if (labels > 0 && Object.keys(project.events).length > 0) {
    fault('a project with label tasks is a table of rows and declares no events')
  }
  if (labels === 0 && Object.keys(project.events).length === 0) fault('it declares no events')
  for (const [name, task] of tasks) {
    if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name)) {
      fault(`task '${name}': a task's name must be letters, digits and _, a letter first`)
    }
    if (!('type' in task)) continue
    const declared = project.events[task.type]
    if (declared === undefined) fault(`task '${name}' asks about '${task.type}', which is no event`)
    if (task.kind === 'total' && declared?.value !== true) {
      fault(`task '${name}' totals '${task.type}', which carries no value`)
    }
  }
}
