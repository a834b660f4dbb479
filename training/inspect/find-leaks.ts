// Columns that may tell what is to be predicted because they were written down after it. Pure: cells in,
// warnings out. A column is judged alone, by how well its values, in a few bins, tell the label.
import type { Column } from './column.ts'
import { saysAfterwards } from './name-words.ts'
import type { Warning } from './shape.ts'

const BINS_MAX = 20
/** Alone, a column that is known in time hardly ever does so well. */
const AUC_LEAK = 0.97
/** Under a name of something that is known afterwards, this is too well already. */
const AUC_AFTERWARDS = 0.75
const ONE_CLASS_SHARE = 0.98
const ROWS_MIN = 50
/** The bins that hold fewer rows of a class tell them from the others by chance. */
const CLASS_ROWS_MIN = 5

export interface LabelledCells {
  readonly column: Column
  /** Null where nothing is known. */
  readonly cells: readonly (string | null)[]
}

/** `labels` are the classes of the same rows; rows without one are not among them. */
export function findLeaks(columns: readonly LabelledCells[], labels: readonly string[]): Warning[] {
  if (labels.length < ROWS_MIN) return []
  return columns.flatMap(({ column, cells }): Warning[] => {
    const only = onlyClass(cells, labels)
    if (only !== undefined) {
      const text = `filled in ${percent(only.presentShare)} of the rows, and nearly always where the label is ${only.name}: known only after?`
      return [{ column: column.name, kind: 'only_for_one', text, isLeftOut: true }]
    }
    if (saysAfterwards(column.name)) {
      const value = onlyValue(column, { cells, labels })
      if (value !== undefined) {
        const text = `its name says something known only afterwards, and where it is ${value.cell} the label is nearly always ${value.name}`
        return [{ column: column.name, kind: 'afterwards', text, isLeftOut: true }]
      }
    }
    const auc = aucOf(column, { cells, labels })
    if (auc >= AUC_LEAK) {
      const text = `alone tells the label almost perfectly (AUC ${auc.toFixed(3)}): is it known when you ask?`
      return [{ column: column.name, kind: 'leak', text, isLeftOut: true }]
    }
    if (auc >= AUC_AFTERWARDS && saysAfterwards(column.name)) {
      const text = `its name says something known only afterwards, and alone it tells much (AUC ${auc.toFixed(2)})`
      return [{ column: column.name, kind: 'afterwards', text, isLeftOut: true }]
    }
    return []
  })
}

function onlyClass(
  cells: readonly (string | null)[],
  labels: readonly string[],
): { readonly name: string; readonly presentShare: number } | undefined {
  const present = labels.filter((_, row) => cells[row] !== null)
  if (present.length < 20 || present.length > 0.7 * labels.length) return undefined
  const [name, count] = mostFrequent(present)
  const overall = labels.filter((label) => label === name).length / labels.length
  const isOnly = count >= ONE_CLASS_SHARE * present.length && overall < 0.9
  return isOnly ? { name, presentShare: present.length / labels.length } : undefined
}

/** A cell that stands with one class alone, which is not nearly all there is. */
function onlyValue(
  { kind }: Column,
  { cells, labels }: { readonly cells: readonly (string | null)[]; readonly labels: readonly string[] },
): { readonly cell: string; readonly name: string } | undefined {
  if (kind !== 'boolean' && kind !== 'category') return undefined
  const rows = labels.map((label, row) => ({ label, cell: cells[row] ?? null }))
  for (const [cell, own] of Map.groupBy(rows, (row) => row.cell)) {
    if (cell === null || own.length < 20) continue
    const [name, count] = mostFrequent(own.map(({ label }) => label))
    const overall = labels.filter((label) => label === name).length / labels.length
    if (count >= ONE_CLASS_SHARE * own.length && overall < 0.7) return { cell, name }
  }
  return undefined
}

function mostFrequent(values: readonly string[]): readonly [string, number] {
  const counts = [...Map.groupBy(values, (value) => value)].map(
    ([value, own]) => [value, own.length] as const,
  )
  return counts.toSorted(([, a], [, b]) => b - a)[0] ?? ['', 0]
}

/** Area under the ROC curve of the bins' own rates: a class against all others, of several classes the highest. */
export function aucOf(
  column: Column,
  { cells, labels }: { readonly cells: readonly (string | null)[]; readonly labels: readonly string[] },
): number {
  const bins = binsOf(column, cells)
  const classes = [...Map.groupBy(labels, (label) => label).values()]
  const judged = classes.filter(({ length }) => Math.min(length, labels.length - length) >= CLASS_ROWS_MIN)
  const asked = classes.length === 2 ? judged.slice(0, 1) : judged
  return Math.max(0.5, ...asked.map(([positive = '']) => aucFor(positive, { bins, labels })))
}

function aucFor(
  positive: string,
  { bins, labels }: { readonly bins: readonly string[]; readonly labels: readonly string[] },
): number {
  const counts = new Map<string, { yes: number; no: number }>()
  for (const [row, bin] of bins.entries()) {
    const count = counts.get(bin) ?? { yes: 0, no: 0 }
    if (labels[row] === positive) count.yes += 1
    else count.no += 1
    counts.set(bin, count)
  }
  const rising = [...counts.values()].toSorted((a, b) => a.yes / (a.yes + a.no) - b.yes / (b.yes + b.no))
  let [noBelow, pairs] = [0, 0]
  for (const { yes, no } of rising) {
    pairs += yes * (noBelow + no / 2)
    noBelow += no
  }
  const yesCount = rising.reduce((sum, { yes }) => sum + yes, 0)
  return yesCount === 0 || noBelow === 0 ? 0.5 : pairs / (yesCount * noBelow)
}

/** Numbers by quantile, names by how frequent they are: few bins, so that chance tells nothing. */
function binsOf({ kind, isDressed }: Column, cells: readonly (string | null)[]): string[] {
  if (kind === 'number' || kind === 'time') {
    const numbers = cells.map((cell) =>
      cell === null
        ? Number.NaN
        : kind === 'time' && Number.isNaN(Number(cell))
          ? Date.parse(cell)
          : Number(isDressed ? cell.replaceAll(/[^0-9.eE-]/g, '') : cell),
    )
    const sorted = Float64Array.from(numbers.filter(Number.isFinite)).toSorted()
    const cuts = Array.from(
      { length: BINS_MAX - 1 },
      (_, index) => sorted[Math.floor(((index + 1) * sorted.length) / BINS_MAX)] ?? 0,
    )
    return numbers.map((number) =>
      Number.isFinite(number) ? String(cuts.filter((cut) => cut <= number).length) : 'missing',
    )
  }
  const counts = [
    ...Map.groupBy(
      cells.filter((cell) => cell !== null),
      (cell) => cell,
    ),
  ]
  const kept = new Set(
    counts
      .toSorted(([, a], [, b]) => b.length - a.length)
      .slice(0, BINS_MAX)
      .map(([cell]) => cell),
  )
  return cells.map((cell) => (cell === null ? 'missing' : kept.has(cell) ? `=${cell}` : 'other'))
}

function percent(share: number): string {
  return `${(100 * share).toFixed(share < 0.1 ? 1 : 0)} %`
}
