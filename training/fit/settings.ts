// The settings of training that every family has which Adam trains. A family adds those of its model and
// keeps all in one object, which the card shows.
import { expected, hasFields } from '../../features/check-shape.ts'
import type { Check } from '../../features/check-shape.ts'
import type { Settings } from '../models/family.ts'

export interface TrainingSettings {
  /** Examples a step, at most. */
  readonly batchSize: number
  /** Of few examples a step takes fewer, so that an epoch has about as many steps as this. */
  readonly stepsAnEpochMin: number
  readonly learningRate: number
  /** So many steps without a better validation loss end the training, or a third of those so far… */
  readonly patienceSteps: number
  /** …or as many as so many epochs take, whichever is the most. */
  readonly patienceEpochs: number
  /** A validation loss is better if it is lower by this share. */
  readonly betterShare: number
  /** A task gets parameters of its own where they lower its validation loss by this share. */
  readonly ownShare: number
  /** How much of the running average of the parameters a step keeps, once there have been many. */
  readonly averageDecayMax: number
  /** Examples of validation that a check looks at while training; the choice at its end looks at all. */
  readonly checkExamplesMax: number
  /** Training ends here though it may still learn. */
  readonly stepsMax: number
  readonly minutesMax: number
}

export const trainingDefaults = {
  batchSize: 256,
  stepsAnEpochMin: 24,
  learningRate: 0.001,
  patienceSteps: 400,
  patienceEpochs: 1,
  betterShare: 0.002,
  ownShare: 0.003,
  averageDecayMax: 0.998,
  checkExamplesMax: 4096,
  stepsMax: 30_000,
  minutesMax: 30,
} satisfies TrainingSettings

/** The smallest batch: gradients of fewer examples are mostly noise. */
const BATCH_SIZE_MIN = 32

/** Examples a step, for a training set of this size. */
export function batchSizeFor(count: number, settings: TrainingSettings): number {
  const wanted = Math.max(BATCH_SIZE_MIN, Math.round(count / settings.stepsAnEpochMin))
  return Math.min(settings.batchSize, wanted)
}

/** Settings in which some are others. Throws where a name is not among them or a value is of another kind. */
export function overrideSettings<S extends Settings>(settings: S, others: Settings = {}): S {
  const fault = faultOfSettings(settings, { others, path: 'settings' })
  if (fault !== undefined) throw new Error(fault)
  return { ...settings, ...others }
}

/** The first that is not among a family's settings or of another kind, with the path at which it stands. */
export function faultOfSettings(
  settings: Settings,
  { others, path }: { readonly others: Settings; readonly path: string },
): string | undefined {
  const checks = Object.entries(settings).map(([name, value]) => [name, isLike(value)] as const)
  return hasFields<Settings>(Object.fromEntries(checks))(others, path)
}

function isLike(usual: Settings[string]): Check {
  return (value, path) => {
    if (typeof usual !== 'number')
      return typeof value === typeof usual ? undefined : expected(`a ${typeof usual}`, value, path)
    return Number.isFinite(value) && Number(value) >= 0
      ? undefined
      : expected('a number from 0 on', value, path)
  }
}
