// How good the answers are on examples the model has not seen, always beside the prior's.
import { probabilitiesOf } from '../features/calibration.ts'
import { amountOf } from '../features/decode.ts'
import { headWidth } from '../features/manifest.ts'
import type { Head } from '../features/manifest.ts'
import type { TaskResult } from './card.ts'
import type { ExampleSet } from './examples/example-set.ts'
import { classReport, totalReport } from './metrics/report.ts'

/** By task, row-major [n, headWidth]. */
export type Outputs = Readonly<Record<string, Float32Array>>

/** Metrics of every task over the examples whose target is known. */
export function evaluateTasks(
  heads: readonly Head[],
  { examples, outputs }: { readonly examples: ExampleSet; readonly outputs: Outputs },
): Record<string, TaskResult> {
  return Object.fromEntries(
    heads.map((head) => {
      const targets = examples.targets[head.task] ?? new Float32Array(0)
      const rows = knownRows(targets)
      const known = Float32Array.from(rows, (row) => targets[row] ?? 0)
      const answers = answersOf(head, { output: outputs[head.task] ?? new Float32Array(0), rows })
      return [
        head.task,
        {
          examples: rows.length,
          model: report(head, { answers, known }),
          prior: report(head, { answers: priorOf(head, rows.length), known }),
        },
      ]
    }),
  )
}

/** Calibrated probabilities [n, classes] of a head, or expected amounts [n], for these rows. */
export function answersOf(
  head: Head,
  { output, rows }: { readonly output: Float32Array; readonly rows: readonly number[] },
): Float64Array {
  const width = headWidth(head)
  const answers = new Float64Array(rows.length * width)
  for (const [place, row] of rows.entries()) {
    const values = output.subarray(row * width, (row + 1) * width)
    answers.set(
      head.kind === 'total' ? [amountOf(head, values[0] ?? Number.NaN)] : probabilitiesOf(values, head),
      place * width,
    )
  }
  return answers
}

/** Indices of the examples whose target is known. */
export function knownRows(targets: Float32Array): number[] {
  return Array.from(targets.keys()).filter((row) => !Number.isNaN(targets[row]))
}

function priorOf(head: Head, count: number): Float64Array {
  return Float64Array.from({ length: count * headWidth(head) }, (_, place) => {
    return head.prior[place % headWidth(head)] ?? 0
  })
}

function report(
  head: Head,
  { answers, known }: { readonly answers: Float64Array; readonly known: Float32Array },
): TaskResult['model'] {
  if (head.kind === 'total') return { ...totalReport({ predicted: answers, actual: known }) }
  return {
    ...classReport({ probabilities: answers, targets: Int32Array.from(known), classes: head.classes }),
  }
}
