// Parquet, whose columns have types.
import { storeColumns } from '../columns.ts'
import { quoteFile, quoteName } from '../../database.ts'
import type { Database } from '../../database.ts'
import { ROW } from '../row-number.ts'
import type { ReadPart, Target } from './reader.ts'

export async function readParquet(
  database: Database,
  { file, table, rowsBefore }: Target<'parquet'>,
): Promise<ReadPart> {
  const source = `read_parquet(${quoteFile(file.path)})`
  const described = await database.all(
    `select column_name, column_type from (describe select * from ${source})`,
  )
  // What some writers keep as bytes is text; bytes that are none stay as they are written in SQL.
  const texts = described.flatMap(([name, type]) => {
    const column = quoteName(String(name))
    return type === 'BLOB' ? [`coalesce(try(decode(${column})), ${column}::varchar) as ${column}`] : []
  })
  const cells = texts.length === 0 ? '*' : `* replace (${texts.join(', ')})`
  await database.run(`create table ${table} as
    select row_number() over () + ${rowsBefore} as ${ROW}, ${cells} from ${source}`)
  const columns = described.map(([name]) => String(name)).filter((name) => quoteName(name) !== ROW)
  return { columns: storeColumns(columns), badRows: [], badCount: 0 }
}
