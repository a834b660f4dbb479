// Parquet, whose columns have types.
import { storeColumns } from '../columns.ts'
import { quoteFile, quoteName } from '../database.ts'
import type { Database } from '../database.ts'
import { ROW } from '../row-number.ts'
import type { ReadPart, Target } from './readers.ts'

export async function readParquet(
  database: Database,
  { file, table, rowsBefore }: Target<'parquet'>,
): Promise<ReadPart> {
  const numbered = `row_number() over () + ${rowsBefore} as ${ROW}, *`
  await database.run(`create table ${table} as select ${numbered} from read_parquet(${quoteFile(file.path)})`)
  const rows = await database.all(`select column_name from (describe ${table})`)
  const columns = rows.map(([name]) => String(name)).filter((name) => quoteName(name) !== ROW)
  return { columns: storeColumns(columns), badRows: [], badCount: 0 }
}
