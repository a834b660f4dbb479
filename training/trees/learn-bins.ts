// Bins learned from the rows of training: numbers by quantiles, categories by how frequent they are.
import type { Bins, CategoryBins, CategoryColumn, NumberBins, Table } from './columns.ts'

/** Bins of a column, the one of missing numbers and that of other categories included: they fit in a byte. */
export const BINS_MAX = 255
/** Rows that quantiles are taken of; more make them no better. */
const ROWS_SAMPLED = 200_000

export function learnBins({ count, columns }: Table): Bins[] {
  const stride = Math.max(1, Math.ceil(count / ROWS_SAMPLED))
  const counts = new Map<string, Float64Array>()
  const learned = columns.map((read): NumberBins | CategoryColumn => {
    const column = read()
    if (column.kind === 'number') return numberBins(column.values.filter((_, row) => row % stride === 0))
    countCodes(counts, column)
    return { ...column, values: new Int32Array(0) }
  })
  const vocabularies = new Map([...counts].map(([name, of]) => [name, categoryBins(name, of)]))
  return learned.map((one) => {
    const bins = one.kind === 'number' ? one : vocabularies.get(one.vocabulary)
    if (bins === undefined || !('count' in bins)) throw new Error('Expected bins of a vocabulary, got none')
    return bins
  })
}

/** Thresholds between values, so that bins hold about as many rows; a value of many rows has its own. */
export function numberBins(sample: Float32Array): NumberBins {
  const values = sample.filter((value) => !Number.isNaN(value)).toSorted()
  const distinct: number[] = []
  const counts: number[] = []
  for (const value of values) {
    if (value === distinct.at(-1)) counts[counts.length - 1]! += 1
    else {
      distinct.push(value)
      counts.push(1)
    }
  }
  // One bin is for missing numbers.
  const wanted = BINS_MAX - 1
  const thresholds: number[] = []
  let [rows, binsLeft, held] = [values.length, wanted, 0]
  for (let place = 0; place + 1 < distinct.length; place += 1) {
    held += counts[place]!
    const share = distinct.length <= wanted ? 0 : rows / binsLeft
    if (held < share && counts[place + 1]! < share) continue
    if (binsLeft === 1) break
    thresholds.push(between(distinct[place]!, distinct[place + 1]!))
    rows -= held
    binsLeft -= 1
    held = 0
  }
  return { kind: 'number', thresholds: Float32Array.from(thresholds), count: thresholds.length + 2 }
}

/** A number of 32 bits that is `low` or more and less than `high`. */
function between(low: number, high: number): number {
  const middle = Math.fround(low + (high - low) / 2)
  return middle >= low && middle < high ? middle : low
}

function countCodes(counts: Map<string, Float64Array>, column: CategoryColumn): void {
  const of = counts.get(column.vocabulary) ?? new Float64Array(column.size)
  counts.set(column.vocabulary, of)
  for (const code of column.values) of[code]! += 1
}

/** Codes of the same frequency in their own order, so that the bins depend on nothing else. */
function categoryBins(vocabulary: string, counts: Float64Array): CategoryBins {
  const seen = [...counts.keys()].filter((code) => counts[code]! > 0)
  const frequent = seen.toSorted((a, b) => counts[b]! - counts[a]! || a - b).slice(0, BINS_MAX - 1)
  const binOf = new Uint8Array(counts.length)
  for (const [place, code] of frequent.entries()) binOf[code] = place + 1
  return { kind: 'category', vocabulary, binOf, count: frequent.length + 1 }
}
