// A file as a table: one labelled row for each of those it is about.
import type { Database } from '../data/database.ts'
import { learnable, suspects, warnOfColumns, withLeaks } from './column-warnings.ts'
import type { InspectedFile } from './inspect-file.ts'
import { leaksOf, readLabel } from './label.ts'
import { rankLabels, rankTimes } from './roles.ts'
import type { OpenQuestion, TableShape, Warning } from './shape.ts'
import type { Told } from './told.ts'

/** So sure must a choice be that nobody is asked. */
const SURE_LABEL = 0.7

export interface FoundTable {
  readonly shape: TableShape
  readonly warnings: readonly Warning[]
  readonly questions: readonly OpenQuestion[]
  readonly because: string
}

/** Undefined where no column could be a label. */
export async function findTable(
  database: Database,
  { file, told }: { readonly file: InspectedFile; readonly told: Told },
): Promise<FoundTable | undefined> {
  const { columns } = file
  const ranked = rankLabels(columns)
  const wanted = columns.find(({ name }) => name === told.label)
  const chosen = wanted ?? ranked[0]?.column
  if (chosen === undefined) return undefined
  const label = await readLabel(database, { file, column: chosen })
  if (label === undefined) return undefined
  const score = ranked[0]?.score ?? 0
  const isSure = wanted !== undefined || (score >= SURE_LABEL && score - (ranked[1]?.score ?? 0) > 0.1)
  const id =
    columns.find(({ name }) => name === told.user) ??
    columns.find((column) => column.kind === 'id' && column.distinctCount === file.rowCount)
  const rest = columns.filter((column) => column !== chosen && column !== id)
  const at =
    rest.find(({ name }) => name === told.time) ??
    rankTimes(rest).find(
      ({ column }) => column.time?.unit !== 'relative' && column.presentCount === file.rowCount,
    )?.column
  const others = rest.filter((column) => column !== at)
  const plain = warnOfColumns(others)
  const columnsToSuspect = suspects(others, plain)
  const leaks = await leaksOf(database, { file, label: chosen, columns: columnsToSuspect })
  const warnings = withLeaks(plain, leaks)
  const classes = label.values.map((value, index) => `${value} ${label.counts[index] ?? 0}`).join(', ')
  return {
    shape: { kind: 'table', file, id, at, label, attributes: learnable(others, warnings) },
    warnings,
    questions: isSure
      ? []
      : [
          {
            key: 'label',
            text: 'Which column says what came true?',
            options: ranked.slice(0, 6).map(({ column }) => column.name),
          },
        ],
    because: wanted === undefined ? `its name and place; ${classes}` : `as told; ${classes}`,
  }
}
