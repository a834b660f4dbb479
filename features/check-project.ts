// Whether a declaration can be meant as it stands: keys, values, names, and what tasks and sources ask of the
// rest. The compiler says much of it too, to those who let it.
import {
  expected,
  firstFault,
  hasFields,
  hasMembers,
  isBoolean,
  isListOf,
  isObject,
  isOneOf,
  isText,
  meant,
  pathOf,
} from './check-shape.ts'
import type { Check } from './check-shape.ts'
import { checkSource } from './check-source.ts'
import type { EncoderDeclaration, OnnxEncoder, WorkersAiEncoder } from './encoder.ts'
import { madeVectors } from './made-vectors.ts'
import { isProjectName } from './project-name.ts'
import { isWithin, PROPERTIES_MAX, PROPERTY_NAME_LENGTH_MAX } from './limits.ts'
import type {
  AbsentTask,
  Asked,
  Attribute,
  CategoryAttribute,
  CountTask,
  EventDeclaration,
  LabelTask,
  NextEventTask,
  NumberAttribute,
  OccursTask,
  Project,
  Task,
  TextAttribute,
  TotalTask,
  VectorAttribute,
  TrainingDeclaration,
} from './project.ts'
import { VECTOR_LENGTH_MAX } from './vectors.ts'

const ASKED: Readonly<Record<Asked, null>> = { afterEvents: null, daily: null, anytime: null }

const isEvent = hasFields<EventDeclaration>({ item: isBoolean, value: isBoolean })

const fixed = isOneOf([true])
const isVectorLength: Check = (value, path) =>
  Number.isInteger(value) && Number(value) >= 1 && Number(value) <= VECTOR_LENGTH_MAX
    ? undefined
    : expected(`a whole number from 1 to ${VECTOR_LENGTH_MAX}`, value, path)
const encoderOf: Readonly<Record<EncoderDeclaration['kind'], Check>> = {
  onnx: hasFields<OnnxEncoder>({ kind: isText, folder: isText, dims: isVectorLength }, ['folder', 'dims']),
  'workers-ai': hasFields<WorkersAiEncoder>(
    { kind: isText, model: isOneOf(['@cf/baai/bge-m3']), dims: isOneOf([1_024]) },
    ['model', 'dims'],
  ),
}
const attributeOf: Readonly<Record<Attribute['kind'], Check>> = {
  number: hasFields<NumberAttribute>({ kind: isText, fixed }),
  category: hasFields<CategoryAttribute>({ kind: isText, fixed }),
  text: hasFields<TextAttribute>({ kind: isText, fixed, encoder: isMadeBy(encoderOf) }),
  vector: hasFields<VectorAttribute>({ kind: isText, length: isVectorLength, fixed, madeOf: isText }, [
    'length',
  ]),
}
const isAttribute = isMadeBy(attributeOf)

const horizonMs: Check = (value, path) =>
  typeof value === 'number' ? undefined : expected('a number of milliseconds', value, path)
const monotone = hasMembers(isOneOf(['rises', 'falls']))
const taskOf: Readonly<Record<Task['kind'], Check>> = {
  occurs: hasFields<OccursTask>({ kind: isText, type: isText, horizonMs, monotone }, ['type', 'horizonMs']),
  absent: hasFields<AbsentTask>({ kind: isText, horizonMs, monotone }, ['horizonMs']),
  nextEvent: hasFields<NextEventTask>({
    kind: isText,
    horizonMs: (value, path) => (value === null ? undefined : horizonMs(value, path)),
    monotone,
  }),
  total: hasFields<TotalTask>({ kind: isText, type: isText, horizonMs, monotone }, ['type', 'horizonMs']),
  count: hasFields<CountTask>({ kind: isText, type: isText, horizonMs, monotone }, ['type', 'horizonMs']),
  label: hasFields<LabelTask>({ kind: isText, values: isListOf(isText), monotone }, ['values']),
}
const isTask = isMadeBy(taskOf)

/** What one of the functions of these names gives. */
function isMadeBy(checks: Readonly<Record<string, Check>>): Check {
  const names = Object.keys(checks)
  const words = names.map((name) => `${name}(…)`).join(', ')
  return (value, path) => {
    const kind = isObject(value) ? value['kind'] : undefined
    const check = typeof kind === 'string' && Object.hasOwn(checks, kind) ? checks[kind] : undefined
    return check === undefined ? expected(`one of ${words}`, value, path) : check(value, path)
  }
}

const isSetting: Check = (value, path) =>
  ['number', 'string', 'boolean'].includes(typeof value)
    ? undefined
    : expected('a number, a text, true or false', value, path)
/** Which families and settings there are is known where models are trained. */
const isTraining = hasFields<TrainingDeclaration>({ family: isText, settings: hasMembers(isSetting) }, [
  'family',
])

const isDeclaration = hasFields<Project>(
  {
    name: isText,
    events: hasMembers(isEvent),
    user: hasMembers(isAttribute),
    item: hasMembers(isAttribute),
    context: hasMembers(isAttribute),
    tasks: hasMembers(isTask),
    asked: isOneOf(Object.keys(ASKED)),
    training: isTraining,
    // Checked when it is known that the rest is right.
    source: () => undefined,
  },
  ['name', 'tasks'],
)

/** What keys and kinds of values tell of a declaration. */
type Written = Pick<Project, 'name' | 'tasks'> & Partial<Project>

/** The first fault of what was passed to defineProject, with the path of its key. */
export function checkProject(declaration: unknown): string | undefined {
  const fault = isDeclaration(declaration, '')
  if (fault !== undefined) return fault
  const { name, tasks, events = {}, user = {}, item = {}, context = {}, source } = declaration as Written
  return firstFault([
    () => checkName(name),
    () => checkContext(context),
    () => checkTasks({ tasks, events }),
    () => checkMonotone(tasks, { user, item, context }),
    () => (source === undefined ? undefined : checkSource(source, { tasks, events, user, item, context })),
  ])
}

function checkName(name: string): string | undefined {
  if (isProjectName(name)) return undefined
  return 'its name must be lower-case letters, digits and dashes, at most 63'
}

function checkContext(context: Project['context']): string | undefined {
  const names = Object.keys(context)
  const [encoded] = madeVectors(context)
  if (encoded !== undefined)
    return `${pathOf('context', encoded.text)}: an encoder reads texts of users and items; nobody encodes what comes with an event`
  if (names.length > PROPERTIES_MAX)
    return `it declares ${names.length} context attributes; an event takes at most ${PROPERTIES_MAX}`
  const long = names.find((name) => !isWithin(name, PROPERTY_NAME_LENGTH_MAX))
  if (long === undefined) return undefined
  return `the context attribute '${long}' has more than ${PROPERTY_NAME_LENGTH_MAX} characters`
}

function checkTasks({ tasks, events }: Pick<Project, 'tasks' | 'events'>): string | undefined {
  const entries = Object.entries(tasks)
  if (entries.length === 0) return 'it declares no task'
  const types = Object.keys(events)
  if (types.length === 0 && entries.some(([, { kind }]) => kind !== 'label')) return 'it declares no events'
  return firstFault(
    entries.map(([name, task]) => () => {
      const path = pathOf('tasks', name)
      if (!/^[A-Za-z][A-Za-z0-9_]*$/.test(name))
        return `${path}: a task's name must be letters, digits and _, a letter first`
      if (!('type' in task)) return undefined
      const declared = Object.hasOwn(events, task.type) ? events[task.type] : undefined
      if (declared === undefined)
        return `${path} asks about '${task.type}', which is no event${meant(types, task.type)}`
      if (task.kind !== 'total' || declared.value === true) return undefined
      return `${path} totals '${task.type}', which carries no value`
    }),
  )
}

/** Only a number has more and less of it, and only an answer that is one number can go with it. */
function checkMonotone(
  tasks: Project['tasks'],
  parts: Pick<Project, 'user' | 'item' | 'context'>,
): string | undefined {
  const numbers = Object.entries(parts).flatMap(([part, attributes]) =>
    Object.entries(attributes).flatMap(([name, { kind }]) => (kind === 'number' ? [`${part}.${name}`] : [])),
  )
  return firstFault(
    Object.entries(tasks).flatMap(([name, task]) =>
      Object.keys(task.monotone ?? {}).map((attribute) => () => {
        const path = `${pathOf('tasks', name)}.monotone`
        if (task.kind === 'nextEvent' || (task.kind === 'label' && task.values.length > 2))
          return `${path}: of several classes none can be meant; it is for two, or for an amount`
        if (numbers.includes(attribute)) return undefined
        return `${path}: there is no number attribute '${attribute}'${meant(numbers, attribute)}`
      }),
    ),
  )
}
