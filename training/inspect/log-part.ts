// One file as a part of a log: whom, what, when; which types of events carry items and values; and what else
// its rows say.
import { quoteName, quoteText } from '../data/database.ts'
import type { Database } from '../data/database.ts'
import { numberSqlOf, sqlOf } from './column.ts'
import type { Column } from './column.ts'
import { learnable, warnOfColumns } from './column-warnings.ts'
import { findEventId } from './find-event-id.ts'
import type { InspectedFile } from './inspect-file.ts'
import { readLabel } from './label.ts'
import { hintOf, saysLater, singularOf, wordsOf } from './name-words.ts'
import { presentOf } from './profile-columns.ts'
import { rankItems, rankLabels, rankTimes, rankTypes, rankUsers, rankValues, SURE } from './roles.ts'
import type { EventType, LogPart } from './shape.ts'

/** A user has several rows, or a file is no log. */
const DISTINCT_SHARE_MAX = 0.8
/** So many of a user's rows say the same of what is the user's own. */
const SAME_SHARE = 0.98
const CONTEXT_CLASSES_MAX = 5_000
/** What differs between so many of the users names them. */
const NAMES_SHARE = 0.5
const NAMES_MIN = 20
const LABEL_SCORE = 0.95
/** A type carries what so many of its rows have. */
const CARRIES_SHARE = 0.5

export interface Roles {
  readonly user: Column | undefined
  readonly userScore: number
  readonly item: Column | undefined
  readonly time: Column | undefined
  readonly type: Column | undefined
  readonly label: Column | undefined
  readonly labelScore: number
}

export function rolesOf({ columns }: InspectedFile): Roles {
  const user = rankUsers(columns)[0]
  const times = rankTimes(columns)
  const label = rankLabels(columns.filter((column) => column !== user?.column))[0]
  const type = rankTypes(
    columns.filter((column) => column !== label?.column || hintOf(column.name, 'type') === 1),
  )[0]?.column
  const others = columns.filter((column) => column !== type)
  return {
    user: user?.column,
    userScore: user?.score ?? 0,
    item: rankItems(others, user?.column)[0]?.column,
    time: times[0]?.column,
    type,
    label: label?.column === type ? undefined : label?.column,
    labelScore: label?.score ?? 0,
  }
}

/** Whether the file is a log by itself: users who come again, at moments, or at least with items. */
export function isLog(file: InspectedFile, { user, userScore, item, time, type }: Roles): boolean {
  if (user === undefined || user.distinctCount < 2) return false
  const comesAgain = user.distinctCount <= DISTINCT_SHARE_MAX * file.rowCount
  if (!comesAgain) return false
  if (time !== undefined) return userScore >= SURE || type !== undefined || item !== undefined
  return item !== undefined && userScore >= SURE && hintOf(item.name, 'item') > 0
}

/** @param user the columns that together name the user */
export async function readLogPart(
  database: Database,
  {
    file,
    roles,
    user,
  }: { readonly file: InspectedFile; readonly roles: Roles; readonly user: readonly Column[] },
): Promise<LogPart> {
  const { time, type } = roles
  const item = user.some((column) => column === roles.item) ? itemBeside(file, { user, type }) : roles.item
  const taken = new Set([...user, item, time, type])
  const rest = file.columns.filter((column) => !taken.has(column))
  const labelColumn =
    roles.label !== undefined && !taken.has(roles.label) && roles.labelScore >= LABEL_SCORE
      ? roles.label
      : undefined
  const label =
    labelColumn === undefined ? undefined : await readLabel(database, { file, column: labelColumn })
  const { value, types } = await carried(database, {
    request: { file, item, time, type },
    values: valuesOf(rest.filter((column) => column !== label?.column)),
  })
  const others = rest.filter((column) => column !== label?.column && !(value?.columns ?? []).includes(column))
  const free = learnable(others, warnOfColumns(others)).filter(
    ({ kind, name, distinctCount }) =>
      (kind === 'category' || kind === 'boolean') && distinctCount <= CONTEXT_CLASSES_MAX && !saysLater(name),
  )
  const own = await ownOfUsers(database, { file, user, columns: free })
  const userCount = Math.max(...user.map(({ distinctCount }) => distinctCount))
  const names = own.filter(
    ({ distinctCount }) => distinctCount > NAMES_MIN && distinctCount > NAMES_SHARE * userCount,
  )
  const attributes = own.filter((column) => !names.includes(column))
  return {
    file,
    user,
    item,
    time,
    type,
    id: await findEventId(database, { file, columns: rest }),
    types,
    value:
      value === undefined
        ? undefined
        : { expression: value.expression, number: value.number, name: value.name },
    label: label !== undefined && label.values.length === 2 ? label : undefined,
    context: free.filter((column) => !own.includes(column)),
    attributes,
  }
}

/** What names the user together with others is no item. */
function itemBeside(
  { columns }: InspectedFile,
  { user, type }: { readonly user: readonly Column[]; readonly type: Column | undefined },
): Column | undefined {
  const others = columns.filter((column) => column !== type && !user.includes(column))
  return rankItems(others, undefined)[0]?.column
}

interface Value {
  readonly expression: string
  readonly number: string
  readonly name: string
  readonly columns: readonly Column[]
}

/** The first of the values that a type carries, if one does, and what each type carries. */
async function carried(
  database: Database,
  {
    request,
    values,
  }: { readonly request: Omit<TypesRequest, 'value' | 'name'>; readonly values: readonly Value[] },
): Promise<{ readonly value: Value | undefined; readonly types: readonly EventType[] }> {
  for (const value of [...values, undefined]) {
    const name = eventNameOf(request.file, value?.name)
    const types = await typesOf(database, { ...request, value: value?.number, name })
    if (value === undefined || types.some((type) => type.value)) return { value, types }
  }
  return { value: undefined, types: [] }
}

/** Amounts, the likeliest first; where there are a price and a quantity, their product. */
function valuesOf(columns: readonly Column[]): Value[] {
  const ranked = rankValues(columns).map(({ column }) => column)
  return ranked.map((column) => valueOf(column, ranked))
}

function valueOf(first: Column, ranked: readonly Column[]): Value {
  const words = wordsOf(first.name)
  const quantity = ranked.find(({ name }) =>
    wordsOf(name).some((word) => word === 'quantity' || word === 'qty'),
  )
  if (
    quantity !== undefined &&
    quantity !== first &&
    (words.includes('price') || words.includes('cost')) &&
    !words.includes('total')
  ) {
    const product = [quantity, first].map(numberSqlOf).join(' * ')
    return { expression: product, number: product, name: 'amount', columns: [first, quantity] }
  }
  return {
    expression: first.isDressed ? numberSqlOf(first) : sqlOf(first),
    number: numberSqlOf(first),
    name: first.name,
    columns: [first],
  }
}

/** What an event is called where no column says so: after the file, else after its value. */
function eventNameOf({ name }: InspectedFile, value: string | undefined): string {
  const words = wordsOf(name).filter(
    (word) =>
      !/^\d+$/.test(word) &&
      ![
        'data',
        'export',
        'all',
        'small',
        'csv',
        'full',
        'log',
        'logs',
        'events',
        'event',
        'train',
        'test',
        'sample',
        'dataset',
      ].includes(word),
  )
  const last = words.at(-1)
  if (value !== undefined && ['rating', 'score', 'stars'].includes(wordsOf(value).at(-1) ?? ''))
    return 'rating'
  return last === undefined ? 'event' : singularOf(last)
}

interface TypesRequest {
  readonly file: InspectedFile
  readonly item: Column | undefined
  readonly time: Column | undefined
  readonly type: Column | undefined
  /** SQL of a number. */
  readonly value: string | undefined
  readonly name: string
}

async function typesOf(
  database: Database,
  { file, item, time, type, value, name }: TypesRequest,
): Promise<EventType[]> {
  const typeCell = type === undefined ? quoteText(name) : presentOf(type.name)
  // Where most items are numbers, words under the same name are something else: a search, a filter.
  const isWhole =
    item !== undefined && item.wholeCount > 0.5 * item.presentCount && item.wholeCount < item.presentCount
  const itemCell =
    item === undefined
      ? 'null'
      : isWhole
        ? `try_cast(${presentOf(item.name)} as bigint)`
        : presentOf(item.name)
  const present = item === undefined ? 'null' : presentOf(item.name)
  const rows = await database.all(`select ${typeCell} as type, count(*)::double, count(${itemCell})::double,
    count(${value ?? 'null'})::double, count(${present})::double from ${file.table}
    ${time === undefined ? '' : `where ${presentOf(time.name)} is not null`} group by 1 order by 2 desc`)
  return rows.map(([own, counted, items, values, presents]): EventType => {
    const [count, itemCount, valueCount] = [Number(counted), Number(items), Number(values)]
    return {
      name: String(own),
      count,
      item: itemCount >= CARRIES_SHARE * count && itemCount > 0,
      value: valueCount >= CARRIES_SHARE * count && valueCount > 0,
      lacksItem: Number(presents) < count,
      lacksValue: valueCount < count,
    }
  })
}

/** Those of the columns that say the same in nearly all rows of nearly all users. */
async function ownOfUsers(
  database: Database,
  {
    file,
    user,
    columns,
  }: { readonly file: InspectedFile; readonly user: readonly Column[]; readonly columns: readonly Column[] },
): Promise<Column[]> {
  if (columns.length === 0) return []
  const key = user.map(({ name }) => quoteName(name)).join(', ')
  const inner = columns.map(
    ({ name }, index) => `(count(distinct ${presentOf(name)}) <= 1)::int as same${index}`,
  )
  const outer = columns.map((_, index) => `avg(same${index})`)
  const [row = []] = await database.all(`select ${outer.join(', ')} from (
    select ${inner.join(', ')} from ${file.table} group by ${key} having count(*) > 1)`)
  return columns.filter((_, index) => Number(row[index]) >= SAME_SHARE)
}
