// The types of a log's events, what they are called, and which of them carry items and values.
import { quoteText } from '../data/database.ts'
import type { Database } from '../data/database.ts'
import { numberSqlOf, sqlOf } from './column.ts'
import type { Column } from './column.ts'
import type { InspectedFile } from './inspect-file.ts'
import { singularOf, wordsOf } from './name-words.ts'
import { presentOf } from './profile-columns.ts'
import { rankValues } from './roles.ts'
import type { EventType } from './shape.ts'

/** A type carries what so many of its rows have. */
const CARRIES_SHARE = 0.5

export interface Value {
  readonly expression: string
  readonly number: string
  readonly name: string
  readonly columns: readonly Column[]
}

/** The first of the values that a type carries, if one does, and what each type carries. */
export async function carried(
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
export function valuesOf(columns: readonly Column[]): Value[] {
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
