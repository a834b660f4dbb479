// What was decided, and why, in words.
import type { Joined } from './beside.ts'
import type { Roles } from './log-roles.ts'
import { withinOf } from './horizon.ts'
import type { Decision, Shape } from './shape.ts'

export interface DecisionsRequest {
  readonly shape: Shape
  readonly roles?: Roles
  readonly joins?: readonly Joined[]
  /** Why the label of a table is the label. */
  readonly because?: string
}

export function decisionsOf({ shape, joins = [], because = '' }: DecisionsRequest): Decision[] {
  switch (shape.kind) {
    case 'table':
      return [
        {
          what: 'kind',
          decided: 'a table with a label',
          because: `${count(shape.file.rowCount)} rows of ${shape.file.columns.length} columns; none names a user who comes again at another time`,
        },
        { what: 'label', decided: shape.label.column.name, because },
        {
          what: 'id',
          decided: shape.id?.name ?? 'the row',
          because: shape.id === undefined ? 'no column tells all rows apart' : 'another in every row',
        },
        ...(shape.at === undefined
          ? []
          : [{ what: 'time', decided: shape.at.name, because: shape.at.because }]),
        {
          what: 'attributes',
          decided: `${shape.attributes.length} columns`,
          because: 'all that nothing speaks against',
        },
      ]
    case 'sequences':
      return [
        {
          what: 'kind',
          decided: 'sequences',
          because: `${count(shape.userCount)} lines of ${shape.lengthMean.toFixed(1)} items on average, ${shape.lengthMax} at most; no header`,
        },
        { what: 'user', decided: 'the first of each line', because: 'another on every line' },
        { what: 'items', decided: 'the others, in their order', because: 'lines differ in length' },
        { what: 'time', decided: 'the order', because: 'the file has no times: a step counts as a minute' },
      ]
    case 'events': {
      const [first] = shape.parts
      if (first === undefined) return []
      const { user, item, time, type, id, types, value, label, file } = first
      const [key] = user.slice(-1)
      return [
        {
          what: 'kind',
          decided: 'a log of events',
          because: `${count(file.rowCount)} rows; users come again`,
        },
        {
          what: 'user',
          decided: user.map(({ name }) => name).join(' + '),
          because: `${count(key?.distinctCount ?? 0)} distinct over ${count(file.rowCount)} rows, repeats${user.length > 1 ? '; together they name one row of the users' : ''}`,
        },
        {
          what: 'time',
          decided: time?.name ?? 'the order of rows',
          because: time?.because ?? 'the file has no times: a row counts as a minute',
        },
        ...(item === undefined
          ? []
          : [
              { what: 'item', decided: item.name, because: `${count(item.distinctCount)} distinct, repeats` },
            ]),
        {
          what: 'type',
          decided: type?.name ?? `all are '${types[0]?.name ?? ''}'`,
          because:
            type === undefined
              ? 'no column says what was done'
              : `${types.length} kinds: ${types
                  .slice(0, 4)
                  .map(({ name }) => name)
                  .join(', ')}${types.length > 4 ? ' …' : ''}`,
        },
        ...(id === undefined ? [] : [{ what: 'id', decided: id.name, because: 'another for every event' }]),
        ...(value === undefined
          ? []
          : [{ what: 'value', decided: value.name, because: 'its name, and numbers' }]),
        ...(label === undefined
          ? []
          : [
              {
                what: 'label',
                decided: label.column.name,
                because: `an event of its own where it is ${label.values[1] ?? ''} (${count(label.counts[1] ?? 0)} rows)`,
              },
            ]),
        ...(shape.labels?.label === undefined
          ? []
          : [
              {
                what: 'label',
                decided: shape.labels.label.column.name,
                because: `in ${shape.labels.file.name}: ${shape.labels.label.values.join(', ')}${shape.labels.askedAt === undefined ? '' : `; asked at ${shape.labels.askedAt.name}`}`,
              },
            ]),
        ...shape.parts.slice(1).map((part) => ({
          what: 'more events',
          decided: part.file.name,
          because: `${count(part.file.rowCount)} rows with the same users and ${part.time?.name ?? 'an order'}`,
        })),
        ...joins.map(({ file: own, key: ownKey, share, knownAt }) => ({
          what: own === shape.users?.file ? 'users' : own === shape.labels?.file ? 'labels' : 'items',
          decided: own.name,
          because: `${knownAt === undefined ? 'a row' : `rows by ${knownAt.name}`} for each ${ownKey.map(({ name }) => name).join(' + ')}; ${(100 * share).toFixed(0)} % of the log's are there`,
        })),
        {
          what: 'horizon',
          decided: withinOf(shape.horizonMs).words,
          because: `the log spans ${(shape.spanMs / 86_400_000).toFixed(1)} days; most who come back have by then`,
        },
      ]
    }
  }
}

function count(number: number): string {
  return number.toLocaleString('en-US')
}
