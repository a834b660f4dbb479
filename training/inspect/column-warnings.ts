// What must be said of columns by themselves.
import type { Column } from './column.ts'
import type { Warning } from './shape.ts'

/** Of columns that a model could learn from. */
export function warnOfColumns(columns: readonly Column[]): Warning[] {
  return columns.flatMap((column): Warning[] => {
    const { name, kind, presentCount, rowCount, distinctCount, sample, isConstant, isNearEmpty, isIdLike } =
      column
    const warn = (kindOfWarning: Warning['kind'], text: string): Warning[] => [
      { column: name, kind: kindOfWarning, text, isLeftOut: true },
    ]
    if (presentCount === 0) return warn('near_empty', 'empty in every row')
    if (isConstant) return warn('constant', `'${sample[0] ?? ''}' in every row`)
    if (isNearEmpty) return warn('near_empty', `says something in ${presentCount} of ${rowCount} rows`)
    if (isIdLike || kind === 'id')
      return warn(
        'id_like',
        `names rows (${distinctCount} distinct in ${presentCount}): tells nothing of others`,
      )
    if (kind === 'vector') return warn('other', 'a vector: no kind of attribute takes it yet')
    if (kind === 'time')
      return warn('other', 'a time: say what of it counts, such as its month, in an expression')
    return []
  })
}

/** Those that nothing speaks against. */
export function learnable(columns: readonly Column[], warnings: readonly Warning[]): Column[] {
  const out = new Set(warnings.filter(({ isLeftOut }) => isLeftOut).map(({ column }) => column))
  return columns.filter(({ name }) => !out.has(name))
}
