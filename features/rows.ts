// Many rows of inputs in one, as a model takes them in one run, and what it answers of each.
import type { Encoded } from './encode.ts'
import type { Head } from './heads/head.ts'
import { readerOf } from './heads/kinds.ts'

/** Runs a model on rows: inputs row-major [rows, ...shape] by name, to outputs [rows, width] by task. */
export type RunRows = (inputs: Encoded, rows: number) => Promise<Readonly<Record<string, ArrayLike<number>>>>

/** How many numbers each input takes a row. */
export function widthsOf(row: Encoded): ReadonlyMap<string, number> {
  return new Map(Object.entries(row).map(([name, values]) => [name, values.length]))
}

/** The same row so many times. */
export function repeatRow(row: Encoded, count: number): Encoded {
  return stackRows(Array.from({ length: count }, () => row))
}

/** Rows of the same inputs, one after another; throws where there is none. */
export function stackRows(rows: readonly Encoded[]): Encoded {
  const [first] = rows
  if (first === undefined) throw new Error('Expected rows to stack, got none')
  return Object.fromEntries(
    Object.entries(first).map(([name, values]) => {
      const length = values.length * rows.length
      const stacked = values instanceof Int32Array ? new Int32Array(length) : new Float32Array(length)
      for (const [index, row] of rows.entries()) stacked.set(row[name] ?? [], index * values.length)
      return [name, stacked]
    }),
  )
}

/** One of the rows. */
export function rowOf(
  inputs: Encoded,
  { row, rows }: { readonly row: number; readonly rows: number },
): Encoded {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, values]) => {
      const width = values.length / rows
      return [name, values.slice(row * width, (row + 1) * width)]
    }),
  )
}

/**
 * The head's numbers in each of the rows: probabilities, or an amount. Throws where the output is not as wide as
 * it must be, or not finite.
 */
export function numbersOfRows(
  head: Head,
  { outputs, rows }: { readonly outputs: Readonly<Record<string, ArrayLike<number>>>; readonly rows: number },
): number[][] {
  const reader = readerOf(head)
  const { width } = reader
  const output = Array.from(outputs[head.task] ?? [])
  if (output.length !== rows * width || !output.every(Number.isFinite)) {
    throw new Error(`Output '${head.task}': expected ${rows * width} finite numbers`)
  }
  return Array.from({ length: rows }, (_, row) =>
    reader.numbers(output.slice(row * width, (row + 1) * width)),
  )
}
