// One file as a part of a log: whom, what, when, and what else its rows say.
import { quoteName } from '../data/database.ts'
import type { Database } from '../data/database.ts'
import { carried, valuesOf } from './carried.ts'
import type { Column } from './column.ts'
import { learnable, warnOfColumns } from './column-warnings.ts'
import { findEventId } from './find-event-id.ts'
import type { InspectedFile } from './inspect-file.ts'
import { readLabel } from './label.ts'
import { saysLater } from './name-words.ts'
import { presentOf } from './profile-columns.ts'
import { rankItems } from './roles.ts'
import type { Roles } from './log-roles.ts'
import type { LogPart } from './shape.ts'

/** So many of a user's rows say the same of what is the user's own. */
const SAME_SHARE = 0.98
const CONTEXT_CLASSES_MAX = 5_000
/** What differs between so many of the users names them. */
const NAMES_SHARE = 0.5
const NAMES_MIN = 20
const LABEL_SCORE = 0.95

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
