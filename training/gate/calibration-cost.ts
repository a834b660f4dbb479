// What bad calibration costs: how much less the loss would be, had the answers been calibrated on the very
// moments they are tested on. One number for every kind of head, in the unit of its loss; a discrimination that
// is poor does not count against it.
import { readerOf } from '../../features/heads/kinds.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import { trainingKindOf } from '../heads/kinds.ts'
import { lossesBy } from '../heads/losses-by.ts'
import { knownExamplesOf, numbersOf, outputsOf } from '../heads/known-examples.ts'
import { designEffect } from '../metrics/clustered.ts'
import type { Answerer } from '../evaluate.ts'

export interface CalibrationCost {
  /** As a share of the loss; 0 where the prior answers, and below by so much as calibration overfits. */
  readonly cost: number
  /** What a well calibrated model would seem to cost, by chance alone. */
  readonly byChance: number
}

/** Of each task that a model answers at these moments. */
export function calibrationCosts(
  examples: Omit<ExampleSet, 'inputs'>,
  { heads, outputs }: Answerer,
): Record<string, CalibrationCost> {
  return Object.fromEntries(
    heads.map((head) => {
      const { rows, known } = knownExamplesOf(examples, head.task)
      if (head.basis === 'prior' || rows.length === 0) return [head.task, { cost: 0, byChance: 0 }]
      const { width } = readerOf(head)
      const raw = outputsOf(outputs[head.task] ?? new Float32Array(0), { rows, width })
      const again = trainingKindOf(head).calibrate(head, { outputs: raw, known })
      const given = lossesBy(head, { numbers: numbersOf(head, raw), known })
      const best = lossesBy(head, { numbers: numbersOf(again, raw), known })
      const saved = given.map((loss, row) => loss - (best[row] ?? loss))
      const total = sumOf(given)
      const effect = designEffect(saved, known.userIds)
      // Each number that is fitted gains half a nat by chance, as in heads/skill.ts.
      return [head.task, { cost: sumOf(saved) / total, byChance: (width * effect) / 2 / total }]
    }),
  )
}

function sumOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0)
}
