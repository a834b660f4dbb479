// Files as a log of events: the main file of events, others with the same users, and what stands beside.
import { quoteName } from '../data/database.ts'
import type { Database } from '../data/database.ts'
import { cellsOf } from '../data/cells/cells.ts'
import { joinFile } from './beside.ts'
import type { Joined } from './beside.ts'
import { sqlOf } from './column.ts'
import type { Column } from './column.ts'
import { learnable, suspects, warnOfColumns, withLeaks } from './column-warnings.ts'
import { chooseHorizon, fittingHorizons } from './horizon.ts'
import type { InspectedFile } from './inspect-file.ts'
import { leaksOf, readLabel } from './label.ts'
import { isLog, readLogPart, rolesOf } from './log-part.ts'
import type { Roles } from './log-part.ts'
import { typesDoneByAll } from './done-by-all.ts'
import { hintOf, saysAsked, saysLater } from './name-words.ts'
import { rankLabels, rankTimes } from './roles.ts'
import type { Beside, EventsShape, LogPart, Warning } from './shape.ts'
import { timeExpressionOf } from './time-expression.ts'
import { withTold } from './told.ts'
import type { Told } from './told.ts'

export interface FoundEvents {
  readonly shape: EventsShape
  readonly warnings: readonly Warning[]
  readonly unused: readonly { readonly file: string; readonly because: string }[]
  readonly main: { readonly roles: Roles; readonly file: InspectedFile }
  readonly joins: readonly Joined[]
}

const LABEL_SCORE = 0.6

/** Undefined where no file is a log. */
export async function findEvents(
  database: Database,
  { files, told }: { readonly files: readonly InspectedFile[]; readonly told: Told },
): Promise<FoundEvents | undefined> {
  const all = files.map((file) => ({ file, roles: withTold(rolesOf(file), { file, told }) }))
  const logs = all.filter(({ file, roles }) => told.kind === 'events' || isLog(file, roles))
  const scoreOf = ({ file, roles }: (typeof all)[number]): number =>
    (roles.userScore + (roles.time === undefined ? 0 : 1) + (roles.item === undefined ? 0 : 0.5)) *
    Math.log2(1 + file.rowCount)
  const main = logs.toSorted((a, b) => scoreOf(b) - scoreOf(a))[0]
  if (main?.roles.user === undefined) return undefined
  const userColumn = main.roles.user
  const others = all.filter(({ file }) => file !== main.file)
  const joins: Joined[] = []
  const unused: { file: string; because: string }[] = []
  const ofUsers = await joinsOf(database, {
    main: main.file,
    column: userColumn,
    role: 'user',
    others: others.map(({ file }) => file),
  })
  const [usersJoin] = ofUsers
  const hasLabel = ({ file, key }: Joined): boolean => labelOf(file, { key, label: told.label }) !== undefined
  const labelsJoin = ofUsers.find((join) => hasLabel(join) && join.key.length === usersJoin?.key.length)
  joins.push(...new Set([usersJoin, labelsJoin].filter((join) => join !== undefined)))
  const userKey = usersJoin?.logKey ?? [userColumn]
  const rest = others.filter(({ file }) => !joins.some((join) => join.file === file))
  const mainPart = await readLogPart(database, { ...main, user: userKey })
  const parts = [mainPart]
  const left: typeof rest = []
  for (const other of rest) {
    const user = userKey.map(({ name }) => other.file.columns.find((column) => column.name === name))
    const isWhole = user.every((column): column is Column => column !== undefined)
    const isOfUsers = hintOf(other.file.name, 'user') > 0 && other.roles.item === undefined
    if (
      isWhole &&
      !isOfUsers &&
      other.roles.time !== undefined &&
      (parts[0]?.time === undefined) === (other.roles.time === undefined)
    ) {
      parts.push(await readLogPart(database, { ...other, user }))
    } else left.push(other)
  }
  const [first] = parts
  let itemsJoin: Joined | undefined
  if (first?.item !== undefined) {
    itemsJoin = (
      await joinsOf(database, {
        main: main.file,
        column: first.item,
        role: 'item',
        others: left.map(({ file }) => file),
      })
    )[0]
    if (itemsJoin !== undefined && itemsJoin.key.length > 1) itemsJoin = undefined
    if (itemsJoin !== undefined) joins.push(itemsJoin)
  }
  for (const { file, roles } of left) {
    if (file === itemsJoin?.file) continue
    const because =
      roles.user !== undefined && userKey.length > 1
        ? `names users by ${roles.user.name} alone; in ${main.file.name} a user is ${userKey.map(({ name }) => name).join(' + ')}`
        : 'has no row for each user or item of the log, and no moments of its users'
    unused.push({ file: file.name, because })
  }
  const users =
    usersJoin === undefined
      ? undefined
      : await besideOf(database, { join: usersJoin, label: told.label, hasLabel: labelsJoin === usersJoin })
  const labels =
    labelsJoin === undefined || labelsJoin === usersJoin
      ? users
      : await besideOf(database, { join: labelsJoin, label: told.label, hasLabel: true })
  const items =
    itemsJoin === undefined
      ? undefined
      : await besideOf(database, { join: itemsJoin, label: undefined, hasLabel: false })
  const time = await measureTime(database, mainPart)
  return {
    shape: {
      kind: 'events',
      parts,
      users: users?.beside,
      labels: labels?.beside.label === undefined ? undefined : labels.beside,
      doneByAll: await typesDoneByAll(database, parts),
      items: items?.beside,
      ...time,
    },
    warnings: [...(users?.warnings ?? []), ...(items?.warnings ?? []), ...logWarnings(parts)],
    unused,
    main,
    joins,
  }
}

/** The one that says most of them first. */
async function joinsOf(
  database: Database,
  {
    main,
    column,
    role,
    others,
  }: {
    readonly main: InspectedFile
    readonly column: Column
    readonly role: 'user' | 'item'
    readonly others: readonly InspectedFile[]
  },
): Promise<Joined[]> {
  const found: Joined[] = []
  for (const file of others) {
    const joined = await joinFile(database, { log: main, column, file, role })
    if (joined !== undefined) found.push(joined)
  }
  return found.toSorted((a, b) => usefulness(b) - usefulness(a))
}

function usefulness({ file, share }: Joined): number {
  return (
    share *
    file.columns.filter(({ kind }) => ['category', 'number', 'text', 'boolean', 'list'].includes(kind)).length
  )
}

/** The column that says what came true of the users, if a file has one. */
function labelOf(
  file: InspectedFile,
  { key, label }: { readonly key: readonly Column[]; readonly label: string | undefined },
): Column | undefined {
  const rest = file.columns.filter((column) => !key.includes(column))
  const ranked = rankLabels(rest).filter(({ score }) => score >= LABEL_SCORE)[0]?.column
  return rest.find(({ name }) => name === label) ?? ranked
}

async function besideOf(
  database: Database,
  {
    join,
    label,
    hasLabel,
  }: { readonly join: Joined; readonly label: string | undefined; readonly hasLabel: boolean },
): Promise<{ readonly beside: Beside; readonly warnings: readonly Warning[] }> {
  const { file, key, knownAt } = join
  const labelColumn = hasLabel ? labelOf(file, { key, label }) : undefined
  const found =
    labelColumn === undefined ? undefined : await readLabel(database, { file, column: labelColumn })
  const times = rankTimes(file.columns).map(({ column }) => column)
  const askedAt =
    found === undefined
      ? undefined
      : (knownAt ??
        times.find(({ name, presentCount, rowCount }) => saysAsked(name) && presentCount === rowCount))
  const columns = file.columns.filter(
    (column) => !key.includes(column) && ![found?.column, knownAt, askedAt].includes(column),
  )
  const plain = warnOfColumns(columns)
  const leaks =
    found === undefined
      ? []
      : await leaksOf(database, { file, label: found.column, columns: suspects(columns, plain) })
  const warnings = withLeaks(plain, leaks)
  const attributes = learnable(columns, warnings)
  const undated =
    attributes.length === 0 || knownAt !== undefined
      ? []
      : [
          {
            column: attributes.map(({ name }) => name).join(', '),
            kind: 'undated' as const,
            text: `of ${file.name}: without a time since when they are known; where what you predict can change them they tell the future`,
            isLeftOut: false,
          },
        ]
  return {
    beside: { file, key, attributes, label: found, knownAt, askedAt },
    warnings: [...warnings, ...undated],
  }
}

function logWarnings(parts: readonly LogPart[]): Warning[] {
  return parts.flatMap(({ file, user, item, time, type, id, value, label, context, attributes }) => {
    const used = new Set([...user, item, time, type, id, label?.column, ...context, ...attributes])
    const rest = file.columns.filter(
      (column) => !used.has(column) && !(value?.expression.includes(sqlOf(column)) ?? false),
    )
    const known = new Map(warnOfColumns(rest).map((warning) => [warning.column, warning]))
    return rest.map(
      (column): Warning =>
        known.get(column.name) ??
        (saysLater(column.name)
          ? {
              column: column.name,
              kind: 'afterwards',
              text: 'its name says what is written into the row later: it would tell the future',
              isLeftOut: true,
            }
          : {
              column: column.name,
              kind: 'other',
              text: `${column.kind} of ${file.name}: no part of an event`,
              isLeftOut: true,
            }),
    )
  })
}

/**
 * How long the log is, and how far tasks may look ahead: by when users come back. Of the main part alone: what
 * stands beside it, such as registrations, may lie far before or after.
 */
async function measureTime(
  database: Database,
  { file, user, time }: LogPart,
): Promise<Pick<EventsShape, 'horizonMs' | 'spanMs' | 'startMs'>> {
  const key = `hash(${user.map(({ name }) => quoteName(name)).join(', ')})`
  await database.run(`create or replace temp table moments as select distinct * from (
    select ${key} as user, ${momentOf(file, time)} as ms from ${file.table}) where ms is not null`)
  const [bounds = []] = await database.all(
    'select min(ms), max(ms), quantile_cont(ms, 0.001), quantile_cont(ms, 0.999) from moments',
  )
  const [startMs = 0, endMs = 0, lowMs = 0, highMs = 0] = bounds.map(Number)
  const spanMs = Math.max(0, Math.min(endMs, highMs + 1) - Math.max(startMs, lowMs))
  const lengths = fittingHorizons(spanMs)
  const shares = lengths.map((length) => `avg((coalesce(gap, 1e18) <= ${length})::int)`)
  const [row = []] = await database.all(`select ${shares.join(', ')} from (
    select lead(ms) over (partition by user order by ms) - ms as gap, ms from moments)
    where ms <= ${endMs - (lengths.at(-1) ?? 0)}`)
  await database.run('drop table moments')
  return { startMs, spanMs, horizonMs: chooseHorizon(lengths, row.map(Number)) }
}

/** SQL of milliseconds; of a row's place where the order is all there is. */
function momentOf(file: InspectedFile, time: Column | undefined): string {
  if (time === undefined) return '60000 * rowid'
  const { expression, timeUnit, reading } = timeExpressionOf(time)
  return `try(${cellsOf({ ...file.reading, ...reading }).timeOf({ expression, unit: timeUnit })})`
}
