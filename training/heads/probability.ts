// Training the head of a yes or no.
import type { ProbabilityHead } from '../../features/heads/head.ts'
import {
  calibrateClasses,
  carryCalibration,
  classHeadBase,
  classLoss,
  curvesOfClasses,
  detailsOfClasses,
  measureClassHead,
  shortageOf,
  thresholdForYes,
  toldOfClasses,
  withLatestShifts,
} from './class-head.ts'
import type { TrainingKind } from './training-kind.ts'

export const probability: TrainingKind<ProbabilityHead> = {
  create: (request) => ({
    head: { kind: 'probability', ...classHeadBase(request) },
    shortage: shortageOf(request, 'all'),
  }),
  calibrate: calibrateClasses,
  withCalibrationOf: carryCalibration,
  withLatestLevel: withLatestShifts,
  lossOf: classLoss,
  measure: measureClassHead,
  details: detailsOfClasses,
  told: toldOfClasses,
  curves: curvesOfClasses,
  thresholdFor: thresholdForYes,
}
