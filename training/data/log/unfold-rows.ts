// Rows that tell of several events, one for each member of a list: a line `user item item …`, an order with its
// items in one cell. What a mapping says of the whole row is computed once a row, before the row is unfolded:
// a line may have a hundred thousand members.
import { fail, succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'
import type { EventColumns } from '../../../features/source.ts'
import { hasColumn } from '../files/columns.ts'
import type { DataFault } from '../data-fault.ts'
import { quoteName } from '../database.ts'
import type { Database } from '../database.ts'
import type { Check } from '../cells/row-checks.ts'
import { resolveExpression, resolveMapping, SETTINGS } from '../cells/mapping.ts'
import type { RawTable } from '../files/raw-table.ts'

/** The column with the member. */
export const MEMBER = 'each'
/** The column with the member's place in its list, from 1. */
export const MEMBER_PLACE = 'presage place'
/** Whether the list of the row cannot be computed; the row then stands once, with a member that says nothing. */
const NO_LIST = 'presage no list'

/** What must hold of every unfolded row. */
export const LIST_CHECK: Check = {
  field: 'each',
  expected: 'a row that its list can be computed of',
  bad: quoteName(NO_LIST),
  found: 'null',
}

interface Request {
  readonly raw: RawTable
  /** Where the mapping stands in the source: 'events[0]'. */
  readonly key: string
  readonly columns: EventColumns
}

export interface Unfolded {
  readonly raw: RawTable
  /** Its expressions as SQL over that table. */
  readonly columns: EventColumns
  /** So many events a row yields at most. */
  readonly membersMax: number
}

/** A mapping made ready for its table: that of the file, or the unfolded one where the mapping names a list. */
export async function unfoldRows(
  database: Database,
  { raw, key, columns }: Request,
): Promise<Result<Unfolded, DataFault>> {
  const { each, ...others } = columns
  if (each === undefined) {
    const resolved = await resolveMapping(database, { raw, key, columns })
    return resolved.ok ? succeed({ raw, columns: resolved.value, membersMax: 1 }) : resolved
  }
  const list = await resolveList(database, { raw, key: `${key}.each`, expression: each })
  if (!list.ok) return list
  const { ofRow, ofMember } = await partByRow(database, { raw, key, columns: others })
  const table = `${raw.table}_${key.replaceAll(/\W/g, '_')}`
  const cells = Object.entries(ofRow).map(([name, sql]) => `, try(${sql}) as ${cellOf(name)}`)
  await database.run(`create view ${table} as select * exclude (members),
    unnest(members) as ${quoteName(MEMBER)}, generate_subscripts(members, 1) as ${quoteName(MEMBER_PLACE)}
    from (select * replace (case when ${quoteName(NO_LIST)} then [null] else members end as members)
      from (select *, try(${list.value}) as members,
        try((${list.value}) is null) is null as ${quoteName(NO_LIST)}${cells.join('')} from ${raw.table}))`)
  const added = [MEMBER, MEMBER_PLACE].map((name) => ({ name, stored: name, place: raw.named.length + 1 }))
  const unfolded = { ...raw, table, named: [...raw.named, ...added] }
  const resolved = await resolveMapping(database, { raw: unfolded, key, columns: ofMember })
  if (!resolved.ok) return resolved
  const [counted] = await database.all(
    `select coalesce(max(len(members)), 1)::double from (select try(${list.value}) as members from ${raw.table})`,
  )
  const cellNames = Object.fromEntries(Object.keys(ofRow).map((name) => [name, cellOf(name)]))
  return succeed({
    raw: unfolded,
    columns: { ...others, ...resolved.value, ...cellNames },
    membersMax: Math.max(1, Number(counted?.[0])),
  })
}

function cellOf(name: string): string {
  return quoteName(`presage ${name}`)
}

async function resolveList(
  database: Database,
  request: { readonly raw: RawTable; readonly key: string; readonly expression: string },
): Promise<Result<string, DataFault>> {
  const { raw, key, expression } = request
  const wrong = (problem: string): Result<never, DataFault> =>
    fail({ code: 'bad_expression', path: raw.path, key, expression, problem })
  if (hasColumn(raw.named, MEMBER)) {
    return wrong(`the file has a column '${MEMBER}', which names the members; call it otherwise in the file`)
  }
  const resolved = await resolveExpression(database, request)
  if (!resolved.ok) return resolved
  const [row] = await database.all(
    `select column_type from (describe select ${resolved.value} from ${raw.table})`,
  )
  if (String(row?.[0]).endsWith('[]')) return resolved
  return wrong("expected a list, as in string_split(line, ' ')")
}

/** Which expressions of the mapping the row alone tells, as SQL, and which need a member. */
async function partByRow(
  database: Database,
  { raw, key, columns }: { readonly raw: RawTable; readonly key: string; readonly columns: object },
): Promise<{ readonly ofRow: Readonly<Record<string, string>>; readonly ofMember: Partial<EventColumns> }> {
  const ofRow: Record<string, string> = {}
  const ofMember: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(columns)) {
    const resolved =
      typeof value === 'string' && !SETTINGS.has(name) && name !== 'where'
        ? await resolveExpression(database, { raw, key: `${key}.${name}`, expression: value })
        : undefined
    if (resolved?.ok === true) ofRow[name] = resolved.value
    else ofMember[name] = value
  }
  return { ofRow, ofMember }
}
