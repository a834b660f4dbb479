// Whether the zone and the form of times that a source names are such, before a file is read by them.
import { fail, succeed } from '../../../features/result.ts'
import type { Result } from '../../../features/result.ts'
import type { Reading } from '../../../features/source.ts'
import type { DataFault } from '../data-fault.ts'
import { quoteText } from '../database.ts'
import type { Database } from '../database.ts'

/** @param path of the file, for the message */
export async function checkReading(
  database: Database,
  { reading, path }: { readonly reading: Reading; readonly path: string },
): Promise<Result<undefined, DataFault>> {
  const { timeZone, timeFormat } = reading
  const tries = [
    {
      key: 'reading.timeZone',
      expression: timeZone,
      sql: (zone: string) => `timezone(${quoteText(zone)}, timestamp '2026-01-01')`,
      problem: "expected a zone of the IANA database, such as 'Europe/Berlin'",
    },
    {
      key: 'reading.timeFormat',
      expression: timeFormat,
      sql: (form: string) => `try_strptime('', ${quoteText(form)})`,
      problem: "expected a form that strptime knows, such as '%d/%m/%Y %H:%M'",
    },
  ]
  for (const { key, expression, sql, problem } of tries) {
    if (expression === undefined) continue
    try {
      await database.all(`select (${sql(expression)})::varchar`)
    } catch {
      return fail({ code: 'bad_expression', path, key, expression, problem })
    }
  }
  return succeed(undefined)
}
