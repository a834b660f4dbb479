// How a bundle answers the latest moments without having learned from them: as it is deployed, or, where what it
// knows reaches into them, by its rehearsal run again with its settings on what came before.
import type { Features } from '../../features/manifest.ts'
import type { Project } from '../../features/project.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { Bundle } from '../evaluate-bundle.ts'
import { encodeMoments } from '../examples/encode-moments.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import { examplesOfPlan } from '../examples/make-examples.ts'
import type { PartExamples } from '../examples/make-examples.ts'
import { findFamily } from '../find-family.ts'
import type { DataSet } from '../data/data-set.ts'
import type { MomentPlan } from '../moments/plan.ts'
import { partNames } from '../moments/parts.ts'
import type { Monitor } from '../monitor.ts'
import { runExamples } from '../onnx/run-examples.ts'
import { createRunner } from '../onnx/run.ts'
import { rehearse } from '../rehearse.ts'
import type { BackendName } from '../tf/backend.ts'
import type { TrainFault } from '../train-fault.ts'
import type { Answerer } from '../evaluate.ts'

export type How = 'as_deployed' | 'rehearsed_again'

export interface TestAnswers extends Answerer {
  readonly how: How
  readonly examples: ExampleSet
  /** By which they are encoded. */
  readonly features: Features
}

export interface AnswerRequest {
  readonly project: Project
  readonly data: DataSet
  readonly plan: MomentPlan
  readonly backend?: BackendName | undefined
  readonly monitor?: Monitor | undefined
}

export type Responder = (bundle: Bundle) => Promise<Result<TestAnswers, TrainFault>>

/** Answers for one bundle after the other; what rehearsals learn from is made once, when it is needed. */
export function createResponder(request: AnswerRequest): Responder {
  let parts: Promise<PartExamples> | undefined
  return async (bundle) => {
    if (!hasSeen(bundle, request.plan)) return answerAsDeployed(bundle, request)
    parts ??= examplesOfPlan(request)
    return rehearseAgain(bundle, { ...request, parts: await parts })
  }
}

/** Whether the bundle was fitted or calibrated on anything at or after the first moment of the test. */
export function hasSeen({ card }: Bundle, { parts: { test } }: MomentPlan): boolean {
  const { untilMs, finalFit } = card.deployed
  // Rows without a time cannot be told apart.
  if (untilMs === null || test === undefined) return true
  const calibratedUntilMs = Date.parse(card.rehearsal.parts.validation.until ?? '')
  return (finalFit ? untilMs : Math.max(untilMs, calibratedUntilMs || Infinity)) > test.fromMs
}

async function answerAsDeployed(
  { manifest, model }: Bundle,
  { project, data, plan, monitor }: AnswerRequest,
): Promise<Result<TestAnswers, TrainFault>> {
  const { features, heads, inputs } = manifest
  const examples = await encodeMoments({ project, data, features, plan, part: 'test', monitor })
  if (examples.count === 0) return fail({ code: 'empty_part', part: 'test' })
  const runner = await createRunner(model, inputs)
  const outputs = await runExamples(runner, { examples, monitor }).finally(() => runner.release())
  return succeed({ how: 'as_deployed', heads, outputs, examples, features })
}

async function rehearseAgain(
  { card }: Bundle,
  { project, parts, backend, monitor }: AnswerRequest & { readonly parts: PartExamples },
): Promise<Result<TestAnswers, TrainFault>> {
  const empty = partNames.find((part) => parts[part].count === 0)
  if (empty !== undefined) return fail({ code: 'empty_part', part: empty })
  const family = findFamily(card.family)
  if (!family.ok) return family
  const { seed, settings } = card
  const request = { project, family: family.value, seed, settings, backend, monitor, examples: parts }
  const rehearsed = await rehearse(request)
  if (!rehearsed.ok) return rehearsed
  const { heads, testOutputs: outputs } = rehearsed.value
  return succeed({ how: 'rehearsed_again', heads, outputs, examples: parts.test, features: parts.features })
}
