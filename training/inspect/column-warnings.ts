// What must be said of columns by themselves.
import type { Column as StoredColumn } from '../data/files/columns.ts'
import type { Column } from './column.ts'
import type { Warning } from './shape.ts'

/** Of columns that a model could learn from. */
export function warnOfColumns(columns: readonly Column[]): Warning[] {
  return columns.flatMap((column): Warning[] => {
    const { name, kind, presentCount, rowCount, distinctCount, sample, vectorLength } = column
    const { isConstant, isNearEmpty, isIdLike } = column
    const warn = (kindOfWarning: Warning['kind'], text: string): Warning[] => [
      { column: name, kind: kindOfWarning, text, isLeftOut: true },
    ]
    if (presentCount === 0) return warn('near_empty', 'empty in every row')
    if (isConstant) return warn('constant', `'${sample[0] ?? ''}' in every row`)
    if (isNearEmpty) return warn('near_empty', `says something in ${presentCount} of ${rowCount} rows`)
    if (isIdLike || kind === 'id')
      return warn(
        'id_like',
        `an id, ${distinctCount} distinct in ${presentCount}: tells nothing of others that come`,
      )
    if (kind === 'vector' && vectorLength === undefined)
      return warn('other', 'lists of numbers, not of one length: vector(n) takes n numbers a cell')
    if (kind === 'time')
      return warn('other', 'a time: say what of it counts, such as its month, in an expression')
    return []
  })
}

/** Of a column that nobody can ask for by its name. */
export function warnOfName({ name, place }: StoredColumn): Warning {
  const text =
    name === ''
      ? `column ${place} has no name: give it one in the file to use it`
      : `column ${place} shares its name with another, letter case aside: give each its own in the file to use them`
  return { column: name, kind: 'name', text, isLeftOut: true }
}

/** Those that may tell a label: what can be learned from, and times, which say the most by being filled at all. */
export function suspects(columns: readonly Column[], plain: readonly Warning[]): Column[] {
  const passed = new Set(learnable(columns, plain))
  const other = new Set(plain.filter(({ kind }) => kind === 'other').map(({ column }) => column))
  return columns.filter((column) => passed.has(column) || (column.kind === 'time' && other.has(column.name)))
}

/** One warning a column: that it tells the label says more than what it is. */
export function withLeaks(plain: readonly Warning[], leaks: readonly Warning[]): Warning[] {
  const leaking = new Set(leaks.map(({ column }) => column))
  return [...plain.filter(({ column }) => !leaking.has(column)), ...leaks]
}

/** Those that nothing speaks against. */
export function learnable(columns: readonly Column[], warnings: readonly Warning[]): Column[] {
  const out = new Set(warnings.filter(({ isLeftOut }) => isLeftOut).map(({ column }) => column))
  return columns.filter(({ name }) => !out.has(name))
}
