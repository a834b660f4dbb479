// The examples of one task whose target is known, and what a model says of them.
import { readerOf } from '../../features/heads/kinds.ts'
import type { Head } from '../../features/heads/head.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import type { Outputs } from '../models/family.ts'
import type { KnownExamples } from './training-kind.ts'

/** Their rows in the set, and what is known of them. */
export function knownExamplesOf(
  examples: Omit<ExampleSet, 'inputs'>,
  task: string,
): { readonly rows: readonly number[]; readonly known: KnownExamples } {
  const targets = examples.targets[task] ?? new Float32Array(0)
  const rows = [...targets.keys()].filter((row) => !Number.isNaN(targets[row]))
  return {
    rows,
    known: {
      targets: Float32Array.from(rows, (row) => targets[row] ?? Number.NaN),
      userIds: rows.map((row) => examples.userIds[row] ?? ''),
      atMs: Float64Array.from(rows, (row) => examples.atMs[row] ?? 0),
      isFirst: rows.map((row) => examples.isFirst[row] === 1),
    },
  }
}

/** The outputs of these rows, row-major [rows, width]. */
export function outputsOf(
  output: Float32Array,
  { rows, width }: { readonly rows: readonly number[]; readonly width: number },
): Float32Array {
  const picked = new Float32Array(rows.length * width)
  for (const [place, row] of rows.entries()) {
    picked.set(output.subarray(row * width, (row + 1) * width), place * width)
  }
  return picked
}

/** What a head reads from outputs row-major [n, width]: calibrated probabilities, or amounts. */
export function numbersOf(head: Head, outputs: Float32Array): Float64Array {
  const reader = readerOf(head)
  const all = new Float64Array(outputs.length)
  for (let from = 0; from < outputs.length; from += reader.width) {
    all.set(reader.numbers(outputs.subarray(from, from + reader.width)), from)
  }
  return all
}

/**
 * What is answered at these rows, row-major [rows, width]: where the prior answers, the prior's. Throws where a
 * model gave no outputs for the task.
 */
export function givenNumbers(
  head: Head,
  { outputs, rows }: { readonly outputs: Outputs; readonly rows: readonly number[] },
): Float64Array {
  if (head.basis === 'prior' || rows.length === 0) return repeated(head.prior, rows.length)
  const output = outputs[head.task]
  if (output === undefined) throw new Error(`Expected outputs of '${head.task}', got none`)
  return numbersOf(head, outputsOf(output, { rows, width: readerOf(head).width }))
}

/** The same numbers for every one of n examples. */
export function repeated(numbers: readonly number[], count: number): Float64Array {
  return Float64Array.from({ length: count * numbers.length }, (_, place) => {
    return numbers[place % numbers.length] ?? Number.NaN
  })
}
