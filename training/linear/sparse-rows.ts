// Rows of which few numbers are not 0: the n-grams of examples.

/** Of row r the numbers from starts[r] up to starts[r + 1]. */
export interface SparseRows {
  readonly count: number
  readonly starts: Int32Array
  readonly columns: Int32Array
  readonly values: Float32Array
}

/** So many rows of inputs, by name. */
interface Inputs {
  readonly count: number
  readonly inputs: Readonly<Record<string, Float32Array | Int32Array>>
}

/** The n-grams of these rows, in this order. */
export function ngramRows({ inputs, count }: Inputs, rows: ArrayLike<number>): SparseRows {
  const ids = inputs['ngrams'] ?? new Int32Array(0)
  const weights = inputs['ngramWeights'] ?? new Float32Array(0)
  const width = ids.length / Math.max(1, count)
  const chosen = Array.from(rows)
  const starts = new Int32Array(chosen.length + 1)
  for (const [at, row] of chosen.entries()) {
    let present = 0
    for (let place = row * width; place < (row + 1) * width; place += 1) if (ids[place] !== 0) present += 1
    starts[at + 1] = starts[at]! + present
  }
  const columns = new Int32Array(starts[chosen.length]!)
  const values = new Float32Array(columns.length)
  let to = 0
  for (const row of chosen) {
    for (let place = row * width; place < (row + 1) * width; place += 1) {
      if (ids[place] === 0) continue
      columns[to] = ids[place]!
      values[to] = weights[place]!
      to += 1
    }
  }
  return { count: chosen.length, starts, columns, values }
}

/** Rows whose n-grams are the same have the same number, from 0 on, [n]: few texts are said of many examples. */
export function alikeByNgrams({ inputs, count }: Inputs): Int32Array {
  const columns = ['ngrams', 'ngramWeights'].map((name) => {
    const values = inputs[name] ?? new Int32Array(0)
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength)
    return { bytes, width: bytes.length / Math.max(1, count) }
  })
  const numbers = new Map<string, number>()
  return Int32Array.from({ length: count }, (_, row) => {
    const key = columns
      .map(({ bytes, width }) => bytes.toString('latin1', row * width, (row + 1) * width))
      .join('|')
    const known = numbers.get(key)
    if (known !== undefined) return known
    numbers.set(key, numbers.size)
    return numbers.size - 1
  })
}
