// How bad each answer was, as the loss of training counts it.
import type { Head } from '../../features/heads/head.ts'
import { readerOf } from '../../features/heads/kinds.ts'
import { trainingKindOf } from './kinds.ts'
import type { Judged } from './training-kind.ts'

/** The loss of each example, for numbers row-major [n, width]. */
export function lossesBy(head: Head, { numbers, known }: Judged): Float64Array {
  const { width } = readerOf(head)
  const kind = trainingKindOf(head)
  return Float64Array.from(known.targets, (target, row) =>
    kind.lossOf(head, numbers.subarray(row * width, (row + 1) * width), target),
  )
}
