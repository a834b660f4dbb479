// What the metrics of a task hide: where answers are worth less, and the curves behind the numbers. It is kept
// apart from the metrics, for it is longer.
import type { Head } from '../../features/heads/head.ts'
import type { Features } from '../../features/manifest.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import { trainingKindOf } from '../heads/kinds.ts'
import { givenNumbers, knownExamplesOf, repeated } from '../heads/known-examples.ts'
import { reliabilityOf } from '../metrics/curves.ts'
import type { ReliabilityBin } from '../metrics/curves.ts'
import type { KindCurves } from '../metrics/kind-curves.ts'
import { alike, userWeights } from '../metrics/weights.ts'
import type { Outputs } from '../models/family.ts'
import { judgeSlices } from './judge-slices.ts'
import type { SliceCard } from './judge-slices.ts'
import { historySlices, slicesOf } from './slices.ts'

/** What can be drawn of answers, whatever their kind. */
export interface Drawn extends KindCurves {
  readonly reliability: readonly ReliabilityBin[]
}

export interface Quality {
  readonly slices: readonly SliceCard[]
  readonly perMoment: Drawn
  /** Each user weighs the same; absent where users have one moment each. */
  readonly perUser?: Drawn
}

export interface QualityRequest {
  readonly examples: ExampleSet
  readonly outputs: Outputs
  readonly features: Features
}

/** Of every task with examples. */
export function qualityOf(heads: readonly Head[], request: QualityRequest): Record<string, Quality> {
  const slices = [...historySlices(request), ...slicesOf(request)]
  return Object.fromEntries(
    heads.flatMap((head): [string, Quality][] => {
      const { rows, known } = knownExamplesOf(request.examples, head.task)
      if (rows.length === 0) return []
      const judged = { numbers: givenNumbers(head, { outputs: request.outputs, rows }), known }
      const ofPrior = { numbers: repeated(head.prior, rows.length), known }
      const kind = trainingKindOf(head)
      const { told, came } = kind.told(head, judged)
      const drawnWith = (weights: Float64Array): Drawn => ({
        reliability: reliabilityOf({ told, came, weights, userIds: known.userIds }),
        ...kind.curves(head, judged, weights),
      })
      const byUser = userWeights(known.userIds)
      const quality: Quality = {
        slices: judgeSlices({ head, judged, ofPrior, rows, slices }),
        perMoment: drawnWith(alike(rows.length)),
        ...(byUser.some((weight) => weight !== 1) && { perUser: drawnWith(byUser) }),
      }
      return [[head.task, quality]]
    }),
  )
}
