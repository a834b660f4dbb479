// Whether a source says what a source can say, of the project that it belongs to. Whether its files have such
// columns is found out when they are read.
import {
  firstFault,
  hasFields,
  hasNames,
  isCount,
  isExpression,
  isListOf,
  isObject,
  isOneOf,
  isText,
  isTextOr,
  meant,
} from './check-shape.ts'
import type { Check } from './check-shape.ts'
import type { Project } from './project.ts'
import type {
  EventColumns,
  EventLogSource,
  QuestionColumns,
  Reading,
  TableSource,
  TimeUnit,
  VersionColumns,
} from './source.ts'

const TIME_UNITS: Readonly<Record<TimeUnit, null>> = { s: null, ms: null, us: null, ns: null, iso: null }
const isTimeUnit = isOneOf(Object.keys(TIME_UNITS))

const reading = hasFields<Reading>({
  delimiter: isText,
  quote: isText,
  columns: isListOf(isText),
  skipLines: isCount,
  encoding: isOneOf(['utf-8', 'utf-16', 'latin-1']),
  missing: isListOf(isText),
  decimal: isOneOf(['.', ',']),
  thousands: isText,
  timeZone: isText,
  timeFormat: isText,
})
const file = { file: isTextOr(isListOf(isText)), reading }

type Of = Pick<Project, 'events' | 'user' | 'item' | 'context' | 'tasks'>

/** The first fault of a source, with the path of its key. */
export function checkSource(source: unknown, project: Of): string | undefined {
  const path = 'source'
  const hasEvents = Object.keys(project.events).length > 0
  const kind = isObject(source) ? source['kind'] : undefined
  const isKind = isOneOf(['events', 'table'])(kind, `${path}.kind`)
  if (!isObject(source)) return `${path}: expected an object with the kind 'events' or 'table'`
  if (isKind !== undefined) return isKind
  if (kind === 'events' && !hasEvents)
    return `${path}.kind: 'events' needs events, and the project declares none`
  if (kind === 'table' && hasEvents)
    return `${path}.kind: 'table' has no events, and the project declares some`
  return kind === 'events' ? eventLog(project)(source, path) : table(project)(source, path)
}

function eventLog(project: Of): Check {
  const user = attributes('user', Object.keys(project.user))
  return hasFields<EventLogSource>(
    {
      kind: isText,
      reading,
      events: isListOf(eventColumns(project)),
      user,
      users: versions(user),
      items: versions(attributes('item', Object.keys(project.item))),
      questions: hasFields<QuestionColumns>(
        {
          ...file,
          userId: isExpression,
          at: isExpression,
          timeUnit: isTimeUnit,
          labels: labels(project),
          where: isExpression,
        },
        ['userId', 'at'],
      ),
    },
    ['events'],
  )
}

function eventColumns(project: Of): Check {
  return hasFields<EventColumns>(
    {
      ...file,
      each: isExpression,
      id: isExpression,
      type: (value, path) =>
        firstFault([() => isExpression(value, path), () => isEventType(value, { path, project })]),
      userId: isExpression,
      itemId: isExpression,
      value: isExpression,
      occurredAt: isExpression,
      receivedAt: isExpression,
      timeUnit: isTimeUnit,
      where: isExpression,
      context: attributes('context', Object.keys(project.context)),
    },
    ['type', 'userId', 'occurredAt'],
  )
}

/** An expression that is a text and nothing else names a type. */
function isEventType(
  value: unknown,
  { path, project }: { readonly path: string; readonly project: Of },
): string | undefined {
  const literal = /^\s*'((?:[^']|'')*)'\s*$/.exec(String(value))?.[1]?.replaceAll("''", "'")
  const types = Object.keys(project.events)
  if (literal === undefined || types.includes(literal)) return undefined
  return `${path}: the project declares no event '${literal}'${meant(types, literal)}`
}

function table(project: Of): Check {
  return hasFields<TableSource>(
    {
      ...file,
      kind: isText,
      id: isExpression,
      at: isExpression,
      timeUnit: isTimeUnit,
      user: attributes('user', Object.keys(project.user)),
      labels: labels(project),
      where: isExpression,
    },
    ['labels'],
  )
}

function versions(ofAttributes: Check): Check {
  return hasFields<VersionColumns>(
    {
      ...file,
      id: isExpression,
      knownAt: isExpression,
      timeUnit: isTimeUnit,
      attributes: ofAttributes,
      where: isExpression,
    },
    ['id'],
  )
}

function attributes(of: string, names: readonly string[]): Check {
  return hasNames(names, { what: `${of} attribute`, check: isExpression })
}

function labels({ tasks }: Of): Check {
  const names = Object.keys(tasks).filter((name) => tasks[name]?.kind === 'label')
  return hasNames(names, { what: 'label task', check: isExpression })
}
