// Fitting by gradient: mini-batches, Adam, and a running average of the parameters, which is what is judged
// and kept. With validation, training goes on until no task gets better, and each task keeps the
// parameters that were best for it. Without, it goes on for as many epochs as a rehearsal found best.
// Seeded: same data, same seed, same backend, same numbers, unless the limit of minutes cuts in.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ParameterValues } from '../graph/parameters.ts'
import { createTfOps } from '../graph/tf-ops.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import { FitError } from '../models/family.ts'
import type { FitRequest } from '../models/family.ts'
import type { Build } from '../models/model.ts'
import type { Monitor } from '../monitor.ts'
import { createBestChecks } from './best-checks.ts'
import type { KeptCheck } from './best-checks.ts'
import { chooseGroups } from './choose-groups.ts'
import { createCourse } from './course.ts'
import type { Course } from './course.ts'
import { describeEnding } from './ending.ts'
import type { Ending } from './ending.ts'
import { createJudge, drawExamples, meanOf } from './judge.ts'
import type { Judge, Losses } from './judge.ts'
import { createLearner } from './learner.ts'
import type { Learner } from './learner.ts'
import type { ParameterGroup } from './parameter-group.ts'
import { batchSizeFor } from './settings.ts'
import type { TrainingSettings } from './settings.ts'

export interface ParametersRequest extends Omit<FitRequest, 'settings'> {
  /** The family's name, for a fault. */
  readonly family: string
  readonly build: Build
  readonly buildMembers: Build
  readonly members: number
  readonly settings: TrainingSettings
  readonly monitor: Monitor
  /** What parameters of these names start from; the others by the seed. */
  readonly start?: ParameterValues
}

export interface FittedParameters {
  /** Every task is in one of them. */
  readonly groups: readonly ParameterGroup[]
  readonly steps: number
  /** Where there is validation: the mean over the tasks of the loss over the prior's. */
  readonly loss?: number
  /** Where validation judged, and there was something to learn. */
  readonly ending?: Ending
}

/** Rejects with FitError where a loss is no number. */
export async function fitParameters(request: ParametersRequest): Promise<FittedParameters> {
  const { train, settings, stopAt, validation } = request
  const learner = createLearner(request)
  const course = createCourse({ ...request, learner, batchSize: batchSizeFor(train.count, settings) })
  try {
    if (stopAt !== undefined) return await fitToPoints(request, { learner, course, epochs: stopAt.epochs })
    if (validation !== undefined) return await fitUntilBest({ ...request, validation }, { learner, course })
    throw new Error('Expected examples of validation or a point to stop at, got neither')
  } finally {
    learner.dispose()
  }
}

interface Training {
  readonly learner: Learner
  readonly course: Course
}

/** Trains on while any task gets better on validation. */
async function fitUntilBest(
  request: ParametersRequest & { readonly validation: ExampleSet },
  { learner, course }: Training,
): Promise<FittedParameters> {
  const { train, validation, settings, shape, seed } = request
  const heads = learner.learned.map(({ head }) => head)
  const sample = drawExamples(validation, { countMax: settings.checkExamplesMax, seed })
  const judge = finite(createJudge({ ...request, heads, examples: sample }), { ...request, course })
  const tasks = heads.map(({ task }) => task)
  const best = createBestChecks(tasks, settings)
  const { ops } = createTfOps({ seed, variables: learner.average.variables })
  const epochSteps = Math.ceil(train.count / batchSizeFor(train.count, settings))
  const checkSteps = checkStepsFor(epochSteps)
  const endMs = performance.now() + settings.minutesMax * 60_000

  check()
  let ending: Ending | undefined
  while (tasks.length > 0 && (ending = endingNow()) === undefined) {
    course.advance()
    if (course.steps % checkSteps !== 0) continue
    check()
    await nextTurn()
  }
  course.close()
  if (ending !== undefined) request.monitor.say(describeEnding(ending))
  const kept = best.kept().map((one) => ({ ...one, losses: lossesOnAll(one) }))
  const groups = chooseGroups(kept, {
    tasks: shape.heads.map(({ task }) => task),
    ownShare: settings.ownShare,
  })
  const lossesBy = new Map(kept.map(({ parameters, losses }) => [parameters, losses]))
  const chosen = groups.flatMap(({ tasks: own, parameters }) =>
    own.flatMap((task) => {
      const loss = lossesBy.get(parameters)?.[task]
      return loss === undefined ? [] : [[task, loss] as const]
    }),
  )
  const loss = meanOf(Object.fromEntries(chosen))
  return { groups, steps: course.steps, loss, ...(ending !== undefined && { ending }) }

  function check(): void {
    const losses = judge(ops)
    course.note(`on validation ${meanOf(losses).toFixed(4)}`)
    const { steps, epochs } = course
    best.consider({ steps, epochs, losses }, () => learner.average.snapshot())
  }
  function endingNow(): Ending | undefined {
    const { steps } = course
    const without = steps - best.betterAtSteps()
    const ended = { of: request.family, after: steps, unit: 'steps' } as const
    const bounded = { ...ended, bestAfter: best.betterAtSteps() }
    if (without >= patienceAt(best.betterAtSteps())) return { ...ended, by: 'patience', bound: without }
    if (steps >= settings.stepsMax) return { ...bounded, by: 'steps', bound: settings.stepsMax }
    if (performance.now() >= endMs) return { ...bounded, by: 'minutes', bound: settings.minutesMax }
    return undefined
  }
  function patienceAt(steps: number): number {
    return Math.max(settings.patienceSteps, settings.patienceEpochs * epochSteps, steps / 3)
  }
  /** The sample has chosen which checks are kept; which of these is used is for all of validation to say. */
  function lossesOnAll({ parameters: values, losses }: KeptCheck): Losses {
    if (sample === validation) return losses
    const restored = createTfOps({ seed, values })
    try {
      return createJudge({ ...request, heads, examples: validation })(restored.ops)
    } finally {
      restored.parameters.dispose()
    }
  }
}

/**
 * Trains to the last of the points and keeps the parameters as they are at each. Tasks with nothing to learn
 * go with the first: no step is taken and no model kept for them.
 */
async function fitToPoints(
  { shape, settings, train }: ParametersRequest,
  { learner, course, epochs }: Training & { readonly epochs: Readonly<Record<string, number>> },
): Promise<FittedParameters> {
  const points = new Map(shape.heads.map(({ task }) => [task, requirePoint(epochs, task)]))
  const learned = learner.learned.map(({ head }) => head.task)
  const first = learned.length === 0 ? 0 : Math.min(...learned.map((task) => points.get(task) ?? 0))
  const tasksByPoint = Map.groupBy(points.keys(), (task) =>
    learned.includes(task) ? (points.get(task) ?? 0) : first,
  )
  const checkSteps = checkStepsFor(Math.ceil(train.count / batchSizeFor(train.count, settings)))
  const groups: ParameterGroup[] = []
  for (const [point, tasks] of [...tasksByPoint].toSorted(([a], [b]) => a - b)) {
    // Half an example spares the sum of shares a rounding.
    while (course.epochs < point - 0.5 / train.count && learner.learned.length > 0) {
      course.advance()
      if (course.steps % checkSteps === 0) {
        course.note()
        await nextTurn()
      }
    }
    groups.push({ tasks, epochs: point, parameters: learner.average.snapshot() })
  }
  course.close()
  return { groups, steps: course.steps }
}

function requirePoint(epochs: Readonly<Record<string, number>>, task: string): number {
  const point = epochs[task]
  if (point === undefined) throw new Error(`Expected a point to stop at for task '${task}', got none`)
  return point
}

/** About four checks an epoch, but neither at every step nor seldom. */
function checkStepsFor(epochSteps: number): number {
  return Math.max(20, Math.min(200, Math.round(epochSteps / 4)))
}

/** A judge that throws FitError where a loss is no number. */
function finite(
  judge: Judge,
  { family, course }: { readonly family: string; readonly course: Course },
): Judge {
  return (ops) => {
    const losses = judge(ops)
    for (const [task, loss] of Object.entries(losses)) {
      if (Number.isFinite(loss)) continue
      const cause = `the loss of '${task}' on validation is ${loss}`
      throw new FitError({ code: 'diverged', family, step: course.steps, cause })
    }
    return losses
  }
}
