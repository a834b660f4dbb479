// How the test of a plan is answered without having been learned from: by a bundle as it is deployed; or by what a
// recipe makes of all else, rehearsal and final fit, as a bundle of it would be.
import type { Head } from '../features/heads/head.ts'
import { inputSpecs } from '../features/encode.ts'
import type { Features, InputSpec } from '../features/manifest.ts'
import type { Project } from '../features/project.ts'
import { fail, succeed } from '../features/result.ts'
import type { Result } from '../features/result.ts'
import type { Bundle } from './evaluate-bundle.ts'
import { encodeMoments } from './examples/encode-moments.ts'
import type { ExampleSet } from './examples/example-set.ts'
import { examplesOfPlan, makeExamplesBefore } from './examples/make-examples.ts'
import { finalFit, minutesOfRehearsal } from './final-fit.ts'
import { findFamily } from './find-family.ts'
import type { DataSet } from './data/data-set.ts'
import type { Thresholds } from './heads/training-kind.ts'
import type { Family, Settings } from './models/family.ts'
import type { ExamplesWanted, MomentPlan } from './moments/plan.ts'
import { partNames } from './moments/parts.ts'
import type { Monitor } from './monitor.ts'
import { runExamples } from './onnx/run-examples.ts'
import { createRunner } from './onnx/run.ts'
import { rehearse } from './rehearse.ts'
import type { Rehearsal, RehearseRequest } from './rehearse.ts'
import type { BackendName } from './tf/backend.ts'
import type { TrainFault } from './train-fault.ts'
import type { Answerer } from './evaluate.ts'

export type How = 'as_deployed' | 'made_again'

export interface TestAnswers extends Answerer {
  readonly how: How
  /** By task, from which probabilities of "yes" on metrics are told. */
  readonly thresholds: Readonly<Record<string, Thresholds>>
  readonly examples: ExampleSet
  /** By which they are encoded. */
  readonly features: Features
}

export interface AnswerRequest {
  readonly project: Project
  readonly data: DataSet
  readonly plan: MomentPlan
  /** As the plan was made for; where absent as many as trainings make. */
  readonly examples?: ExamplesWanted | undefined
  /** That fitting may take, about: the rehearsal and the final fit. */
  readonly minutes?: number | undefined
  /** From which probabilities of "yes" on metrics are told, beside the best. */
  readonly givenThresholds?: readonly number[] | undefined
  readonly backend?: BackendName | undefined
  readonly monitor?: Monitor | undefined
}

/** How a bundle answers. */
export async function answersOf(
  bundle: Bundle,
  request: AnswerRequest,
): Promise<Result<TestAnswers, TrainFault>> {
  if (!hasSeen(bundle, request.plan)) {
    const { manifest, model } = bundle
    return answerTest({ ...manifest, model, how: 'as_deployed', thresholds: {} }, request)
  }
  const { seed, settings, deployed } = bundle.card
  const family = findFamily(bundle.card.family)
  if (!family.ok) return family
  return answerMadeAgain({ family: family.value, seed, settings, finalFit: deployed.finalFit }, request)
}

/** How a bundle is made. */
export interface Recipe {
  readonly family: Family
  readonly seed: number
  /** Those that the project declares for the family where absent. */
  readonly settings?: Settings | undefined
  readonly finalFit: boolean
}

/** How that which a recipe makes of what came before the test answers it. */
export async function answerMadeAgain(
  recipe: Recipe,
  request: AnswerRequest,
): Promise<Result<TestAnswers, TrainFault>> {
  const made = await make(recipe, request)
  return made.ok ? answerTest({ ...made.value, how: 'made_again' }, request) : made
}

/** Whether the bundle was fitted or calibrated on anything at or after the first moment of the test. */
export function hasSeen({ card }: Bundle, { parts: { test } }: MomentPlan): boolean {
  const { untilMs } = card.deployed
  // Rows without a time cannot be told apart.
  if (untilMs === null || test === undefined) return true
  const calibratedUntilMs = Date.parse(card.rehearsal.parts.validation.until ?? '')
  return (card.deployed.finalFit ? untilMs : Math.max(untilMs, calibratedUntilMs || Infinity)) > test.fromMs
}

/** What answers, and how it came to be. */
interface Answering {
  readonly features: Features
  readonly heads: readonly Head[]
  readonly inputs: readonly InputSpec[]
  readonly model: Uint8Array
  readonly how: How
  readonly thresholds: TestAnswers['thresholds']
}

async function answerTest(
  { features, heads, inputs, model, how, thresholds }: Answering,
  { project, data, plan, monitor }: AnswerRequest,
): Promise<Result<TestAnswers, TrainFault>> {
  const examples = await encodeMoments({ project, data, features, plan, part: 'test', monitor })
  if (examples.count === 0) return fail({ code: 'empty_part', part: 'test' })
  const runner = await createRunner(model, inputs)
  const outputs = await runExamples(runner, { examples, monitor }).finally(() => runner.release())
  return succeed({ how, thresholds, heads, outputs, examples, features })
}

async function make(
  recipe: Recipe,
  request: AnswerRequest,
): Promise<Result<Omit<Answering, 'how'>, TrainFault>> {
  const { family, seed, settings, finalFit: isFinal } = recipe
  const minutesMax = minutesOfRehearsal(request.minutes, { finalFit: isFinal })
  const thresholds = request.givenThresholds
  const fit = { ...request, family, seed, settings, minutesMax, thresholds }
  const rehearsed = await rehearseAgain(fit)
  if (!rehearsed.ok) return rehearsed
  const { rehearsal, features } = rehearsed.value
  if (!isFinal) return succeed(answering({ ...rehearsal, features }, rehearsal))
  const { plan } = request
  const examples = await makeExamplesBefore(plan, { ...request, seed: plan.seed })
  if (!examples.ok) return examples
  const made = await finalFit({ ...fit, examples: examples.value, rehearsal })
  return made.ok ? succeed(answering(made.value, rehearsal)) : made
}

type FitRequest = AnswerRequest &
  Pick<RehearseRequest, 'family' | 'seed' | 'settings' | 'minutesMax' | 'thresholds'>

/** Its examples are gone when it is over: those of the final fit need the room. */
async function rehearseAgain(
  request: FitRequest,
): Promise<Result<{ readonly rehearsal: Rehearsal; readonly features: Features }, TrainFault>> {
  const examples = await examplesOfPlan(request)
  const empty = partNames.find((part) => examples[part].count === 0)
  if (empty !== undefined) return fail({ code: 'empty_part', part: empty })
  const rehearsed = await rehearse({ ...request, examples })
  return rehearsed.ok
    ? succeed({ rehearsal: rehearsed.value, features: examples.features })
    : fail(rehearsed.reason)
}

function answering(
  { features, heads, proven }: Pick<Rehearsal, 'heads' | 'proven'> & { readonly features: Features },
  { thresholds }: Pick<Rehearsal, 'thresholds'>,
): Omit<Answering, 'how'> {
  return { features, heads, inputs: inputSpecs(features), model: proven.model, thresholds }
}
