// Adds the rows of one file to the table of the files before it. Where a column has another type there, both are
// kept in one that holds what each file says: writers choose types file by file, by what they happen to see.
import { valuesOf } from '../cells/values.ts'
import { uniteColumns } from './columns.ts'
import type { Column } from './columns.ts'
import { quoteName } from '../database.ts'
import type { Database } from '../database.ts'
import { ROW } from './row-number.ts'

interface Part {
  /** The table of the part, which goes. */
  readonly part: string
  readonly table: string
  readonly columns: readonly Column[]
  /** Those that the table has. */
  readonly known: readonly Column[]
  /** Whether columns have types of their own; all are texts otherwise, and nobody need ask. */
  readonly isTyped: boolean
}

export async function appendPart(
  database: Database,
  { part, table, columns, known, isTyped }: Part,
): Promise<void> {
  const [before, here] = isTyped
    ? [await typesOf(database, table), await typesOf(database, part)]
    : [textTypes(known), textTypes(columns)]
  for (const { stored } of uniteColumns(known, columns).slice(known.length)) {
    await database.run(
      `alter table ${table} add column ${quoteName(stored)} ${here.get(stored.toLowerCase()) ?? ''}`,
    )
  }
  const [ours, theirs]: [string[], string[]] = [[], []]
  for (const { stored } of columns) {
    const [left, right] = [before.get(stored.toLowerCase()), here.get(stored.toLowerCase())]
    if (left === undefined || right === undefined || left === right) continue
    const name = quoteName(stored)
    if (isNumber(left) && isNumber(right)) {
      const both = `select ${name} from ${table} union all select ${name} from ${part}`
      const [type] = await database.all(`select column_type from (describe ${both})`)
      ours.push(`${name}::${String(type?.[0])} as ${name}`)
    } else {
      await assertExact(database, { table, name, type: left })
      await assertExact(database, { table: part, name, type: right })
      if (left !== 'VARCHAR') ours.push(`${textOf(name, left)} as ${name}`)
      if (right !== 'VARCHAR') theirs.push(`${textOf(name, right)} as ${name}`)
    }
  }
  if (ours.length > 0)
    await database.run(
      `create or replace table ${table} as select ${replaced(ours)} from ${table} order by ${ROW}`,
    )
  await database.run(`insert into ${table} by name select ${replaced(theirs)} from ${part} order by ${ROW}`)
  await database.run(`drop table ${part}`)
}

function replaced(cells: readonly string[]): string {
  return cells.length === 0 ? '*' : `* replace (${cells.join(', ')})`
}

/** By the name of the column in lower case. */
async function typesOf(database: Database, table: string): Promise<ReadonlyMap<string, string>> {
  const described = await database.all(`select column_name, column_type from (describe ${table})`)
  return new Map(described.map(([name, type]) => [String(name).toLowerCase(), String(type)]))
}

function textTypes(columns: readonly Column[]): ReadonlyMap<string, string> {
  return new Map(columns.map(({ stored }) => [stored.toLowerCase(), 'VARCHAR']))
}

function isNumber(type: string): boolean {
  return /^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$|^(?:DOUBLE|FLOAT)$|^DECIMAL/.test(type)
}

/** As text nothing tells any more that a number was rounded, which matters where it is an id. */
async function assertExact(
  database: Database,
  { table, name, type }: { readonly table: string; readonly name: string; readonly type: string },
): Promise<void> {
  if (!isNumber(type)) return
  const [found] = await database.all(
    `select count(*)::double from ${table} where ${valuesOf({}).isRounded(name)} and isfinite(${name}::double)`,
  )
  if (Number(found?.[0]) === 0) return
  throw new Error(
    `the column ${name} is ${type} in one file, which rounds numbers as large as its own, and of another type in the next; write it as text in all`,
  )
}

/** A whole number is the same text whatever its type. */
function textOf(name: string, type: string): string {
  return isNumber(type) ? valuesOf({}).spelledOf(name) : `${name}::varchar`
}
