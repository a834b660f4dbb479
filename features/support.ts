// How many moments of training looked like one that is asked about: those at which about as much was known. Of a
// log that is how long the history was, in cells that double; of a table how many of its columns had a value that
// training knows. What those values are is not compared: that is what drift and slices look at.
import { categoryIdCount, FIRST_VALUE } from './categories.ts'
import type { Encoded } from './encode.ts'
import type { Head } from './heads/head.ts'
import { numberWidth } from './numbers.ts'
import type { Features } from './manifest.ts'
import { vectorWidth } from './vectors.ts'

/** Cells by how much is known, rising: of these features so many. */
export interface SupportCells {
  readonly count: number
  /** In which one a row of inputs lies. */
  readonly cellOf: (row: Encoded) => number
}

/** Where fewer moments of training knew no more than is known here, the prior answers. */
export const SUPPORT_MIN = 10

/** Of a table: nothing is known, less than half, half or more. */
const TABLE_CELLS = 3

export function supportCells(features: Features): SupportCells {
  return features.sequenceLength > 0 ? historyCells(features) : columnCells(features)
}

/** How many moments of training looked like this, and whether they suffice; undefined where none were counted. */
export function supportOf(
  { support }: Head,
  cell: number,
): { readonly moments: number; readonly suffices: boolean } | undefined {
  if (support === undefined) return undefined
  const noMore = support.slice(0, cell + 1).reduce((sum, count) => sum + count, 0)
  return { moments: support[cell] ?? 0, suffices: noMore >= SUPPORT_MIN }
}

/** No event, 1, 2, up to 4, up to 8, and so on. */
function historyCells({ sequenceLength }: Features): SupportCells {
  const cellOfLength = (length: number): number => (length === 0 ? 0 : 1 + Math.ceil(Math.log2(length)))
  return {
    count: cellOfLength(sequenceLength) + 1,
    cellOf: (row) => cellOfLength(countOf(row['types'], (type) => type !== 0)),
  }
}

function columnCells(features: Features): SupportCells {
  const { attributeNumbers, categories, texts, vectors, historyNumbers } = features
  let place = historyNumbers.length
  const missingFlags = attributeNumbers.map((feature) => {
    const flag = place + 1
    place += numberWidth(feature)
    return flag
  })
  const missingVectorFlags = vectors.map((feature) => {
    const flag = place
    place += vectorWidth(feature)
    return flag
  })
  let id = 0
  const firstKnownIds = categories.map((feature) => {
    const first = id + FIRST_VALUE
    id += categoryIdCount([feature])
    return first
  })
  const columns = attributeNumbers.length + categories.length + texts.length + vectors.length
  return {
    count: TABLE_CELLS,
    cellOf(row) {
      const words = row['words'] ?? []
      const wordCount = words.length / Math.max(1, texts.length)
      const known =
        countOf(missingFlags, (flag) => row['numbers']?.[flag] !== 1) +
        countOf(missingVectorFlags, (flag) => row['numbers']?.[flag] !== 1) +
        countOf(firstKnownIds, (first, index) => (row['categories']?.[index] ?? 0) >= first) +
        countOf(texts, (_, index) => words[index * wordCount] !== 0)
      return known === 0 ? 0 : 2 * known < columns ? 1 : 2
    },
  }
}

function countOf<Value>(
  values: Iterable<Value> | undefined,
  isCounted: (value: Value, index: number) => boolean,
): number {
  return Array.from(values ?? []).filter(isCounted).length
}
