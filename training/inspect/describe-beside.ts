// What a file beside a log says of each user or item: a label, attributes, and since when they are known.
import type { Database } from '../data/database.ts'
import type { Joined } from './beside.ts'
import type { Column } from './column.ts'
import { learnable, suspects, warnOfColumns, withLeaks } from './column-warnings.ts'
import type { InspectedFile } from './inspect-file.ts'
import { leaksOf, readLabel } from './label.ts'
import { saysAsked } from './name-words.ts'
import { rankLabels, rankTimes } from './roles.ts'
import type { Beside, Warning } from './shape.ts'

const LABEL_SCORE = 0.6

/** The column that says what came true of the users, if a file has one. */
export function labelOf(
  file: InspectedFile,
  { key, label }: { readonly key: readonly Column[]; readonly label: string | undefined },
): Column | undefined {
  const rest = file.columns.filter((column) => !key.includes(column))
  const ranked = rankLabels(rest).filter(({ score }) => score >= LABEL_SCORE)[0]?.column
  return rest.find(({ name }) => name === label) ?? ranked
}

/** With `hasLabel`, what it says came true is taken for the label. */
export async function besideOf(
  database: Database,
  {
    join,
    label,
    hasLabel,
  }: { readonly join: Joined; readonly label: string | undefined; readonly hasLabel: boolean },
): Promise<{ readonly beside: Beside; readonly warnings: readonly Warning[] }> {
  const { file, key, knownAt } = join
  const labelColumn = hasLabel ? labelOf(file, { key, label }) : undefined
  const found =
    labelColumn === undefined ? undefined : await readLabel(database, { file, column: labelColumn })
  const times = rankTimes(file.columns).map(({ column }) => column)
  const askedAt =
    found === undefined
      ? undefined
      : (knownAt ??
        times.find(({ name, presentCount, rowCount }) => saysAsked(name) && presentCount === rowCount))
  const columns = file.columns.filter(
    (column) => !key.includes(column) && ![found?.column, knownAt, askedAt].includes(column),
  )
  const plain = warnOfColumns(columns)
  const leaks =
    found === undefined
      ? []
      : await leaksOf(database, { file, label: found.column, columns: suspects(columns, plain) })
  const warnings = withLeaks(plain, leaks)
  const attributes = learnable(columns, warnings)
  const undated =
    attributes.length === 0 || knownAt !== undefined
      ? []
      : [
          {
            column: attributes.map(({ name }) => name).join(', '),
            kind: 'undated' as const,
            text: `of ${file.name}: without a time since when they are known; where what you predict can change them they tell the future`,
            isLeftOut: false,
          },
        ]
  return {
    beside: { file, key, attributes, label: found, knownAt, askedAt },
    warnings: [...warnings, ...undated],
  }
}
