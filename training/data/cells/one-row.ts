// Whether an expression of a mapping says something of its own row alone. A project may come from elsewhere:
// what it asks for may be the cells of a row, and neither another file of whoever reads nor another statement.
import { fail, succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'
import { quoteText } from '../database.ts'
import type { Database } from '../database.ts'

/** What the database's parser makes of a text; of a statement only what is asked here. */
type Parsed =
  | { readonly error: true; readonly error_message: string }
  | {
      readonly error: false
      readonly statements: readonly {
        readonly node: {
          readonly type: string
          readonly from_table?: { readonly type: string }
          readonly select_list?: readonly unknown[]
        }
      }[]
    }

/** The reason of a failure is the parser's message; undefined where it parses, and reaches beyond the row. */
export async function checkOneRow(
  database: Database,
  sql: string,
): Promise<Result<undefined, string | undefined>> {
  const [row] = await database.all(`select json_serialize_sql(${quoteText(`select ${sql}`)})::varchar`)
  const text = String(row?.[0])
  const parsed = JSON.parse(text) as Parsed
  if (parsed.error) return fail(parsed.error_message)
  const [statement] = parsed.statements
  const node = statement?.node
  const isOne =
    parsed.statements.length === 1 &&
    node?.type === 'SELECT_NODE' &&
    node.from_table?.type === 'EMPTY' &&
    node.select_list?.length === 1
  return isOne && !text.includes('"class":"SUBQUERY"') ? succeed(undefined) : fail(undefined)
}
