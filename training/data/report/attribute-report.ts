// Counts what files say of attributes: how many rows have a value, how many values differ, and how many read as
// unknown once a vocabulary is chosen, by the rule of training over all that was read.
import { givenAttributes } from '../../../features/made-vectors.ts'
import type { Attribute, Project } from '../../../features/project.ts'
import { FEATURE_SIZES } from '../../learn/feature-sizes.ts'
import { shareVocabulary } from '../../learn/share-vocabulary.ts'
import { quoteName, quoteText } from '../database.ts'
import type { Database } from '../database.ts'
import type { AttributeReport } from './report.ts'

/** Rows that have attributes. */
export interface AttributeRows {
  readonly origin: 'user' | 'item' | 'context'
  readonly declared: Readonly<Record<string, Attribute>>
  /** SQL that selects `who`, a user or an item, and `attributes` as JSON. */
  readonly rows: string
  /**
   * SQL that selects `who` and `user_id`: the users of whom it counts what is known, each once. Whoever has the
   * attributes is the user where absent.
   */
  readonly users?: string
}

/** The rows of a log with the files beside it, from its tables. */
export function logAttributeRows({ user, item, context }: Project): AttributeRows[] {
  return [
    { origin: 'user', declared: user, rows: 'select id as who, attributes from users' },
    {
      origin: 'item',
      declared: item,
      rows: 'select id as who, attributes from items',
      users: 'select distinct item_id as who, user_id from events where item_id is not null',
    },
    {
      origin: 'context',
      declared: context,
      rows: 'select user_id as who, properties as attributes from events',
    },
  ]
}

interface ValueCounts {
  readonly report: AttributeReport
  /** Of a category: by how many users know a value, the most first, how many rows have it. */
  readonly values: readonly { readonly users: number; readonly rows: number }[]
}

export async function reportAttributes(
  database: Database,
  all: readonly AttributeRows[],
): Promise<AttributeReport[]> {
  const counted: ValueCounts[] = []
  for (const rows of all)
    if (Object.keys(rows.declared).length > 0) counted.push(...(await countOf(database, rows)))
  const { countMin, sizeMax } = FEATURE_SIZES.categories
  const frequent = counted.map(({ values }) => values.filter(({ users }) => users >= countMin).length)
  const sizes = shareVocabulary(frequent, sizeMax)
  return counted.map(({ report, values }, index) => {
    if (report.kind !== 'category') return report
    const [size = 0, many = 0] = [sizes[index], frequent[index]]
    const rows = values.slice(size).reduce((sum, value) => sum + value.rows, 0)
    const unknown = { rows, rareValues: values.length - many, excessValues: many - size }
    return { ...report, unknown }
  })
}

/** Each counts in memory of its own, and a table may have a thousand. */
const COLUMNS_AT_ONCE = 40

async function countOf(
  database: Database,
  { origin, declared, rows, users }: AttributeRows,
): Promise<ValueCounts[]> {
  const names = Object.keys(givenAttributes(declared))
  const shape = quoteText(JSON.stringify(Object.fromEntries(names.map((name) => [name, 'VARCHAR']))))
  // Most events have no properties, and most rows cost most here.
  await database.run(`create temp table report_rows as
    select who, json_transform(attributes, ${shape}) as said from (${rows}) where attributes::varchar <> '{}'`)
  const said = names.map((name) => `said.${quoteName(name)}`)
  const [all] = await database.all(`select count(*)::double from (${rows})`)
  const total = Number(all?.[0])
  const counts: number[] = []
  for (let from = 0; from < said.length; from += COLUMNS_AT_ONCE) {
    const some = said.slice(from, from + COLUMNS_AT_ONCE)
    const aggregates = some.map((value) => `count(${value})::double, count(distinct ${value})::double`)
    const [row = []] = await database.all(`select ${aggregates.join(', ')} from report_rows`)
    counts.push(...row.map(Number))
  }
  const counted: ValueCounts[] = []
  for (const [index, name] of names.entries()) {
    const kind = declared[name]?.kind ?? 'text'
    const [present = 0, distinct = 0] = counts.slice(2 * index, 2 * index + 2)
    const values =
      kind === 'category' && present > 0
        ? await valuesOf(database, { value: said[index] ?? 'null', users })
        : []
    counted.push({ report: { name: `${origin}.${name}`, kind, rows: total, present, distinct }, values })
  }
  await database.run('drop table report_rows')
  return counted
}

async function valuesOf(
  database: Database,
  { value, users }: { readonly value: string; readonly users: string | undefined },
): Promise<ValueCounts['values']> {
  const known =
    users === undefined
      ? `select ${value} as value, count(distinct who) as users from report_rows group by 1`
      : `select ${value} as value, count(distinct user_id) as users from report_rows join (${users}) using (who) group by 1`
  // Of values alike in both counts it is enough to know how many there are.
  const found = await database.all(`select coalesce(users, 0)::double, rows::double, count(*)::double from (
      select ${value} as value, count(*) as rows from report_rows where ${value} is not null group by 1)
    left join (${known}) using (value) group by 1, 2 order by 1 desc, 2 desc`)
  return found.flatMap(([userCount, rows, times]) =>
    Array.from({ length: Number(times) }, () => ({ users: Number(userCount), rows: Number(rows) })),
  )
}
