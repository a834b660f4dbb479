// Training the head of a choice between named classes.
import type { ChoiceHead } from '../../features/heads/head.ts'
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

export const choice: TrainingKind<ChoiceHead> = {
  create: (request) => ({
    head: { kind: 'choice', ...classHeadBase(request) },
    // The types of events are declared for other ends too: some may never be next.
    shortage: shortageOf(request, request.declaration.kind === 'nextEvent' ? 'two' : 'all'),
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
