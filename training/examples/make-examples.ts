// Examples from any data set, in three steps: choose moments, learn features, encode. What is learned is
// learned from the train part alone.
import type { Features } from '../../features/manifest.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import { learnFeatures } from '../learn/learn-features.ts'
import type { LearnRequest } from '../learn/learn-features.ts'
import type { MomentFault } from '../moments/moment-fault.ts'
import { partNames } from '../moments/parts.ts'
import { planBeforeTest, planEverything, planMoments } from '../moments/plan-moments.ts'
import type { PlanRequest } from '../moments/plan-moments.ts'
import type { MomentPlan } from '../moments/plan.ts'
import { encodeParts } from './encode-moments.ts'
import type { Newcomers } from './encode-moments.ts'
import type { ExampleSet } from './example-set.ts'

/** What a rehearsal is made of. */
export interface PartExamples {
  readonly features: Features
  readonly train: ExampleSet
  readonly validation: ExampleSet
  readonly test: ExampleSet
  /** What came after the first events of all users in the train part, whether they are examples or not. */
  readonly newcomers: Newcomers
  /** Windows of what all users did in the train part, labelled or not. */
  readonly histories: ExampleSet
  readonly plan: MomentPlan
}

/** What a final fit is made of. */
export interface FinalExamples {
  readonly features: Features
  readonly all: ExampleSet
  readonly newcomers: Newcomers
  /** Windows of what all users did in the train part, labelled or not. */
  readonly histories: ExampleSet
  readonly plan: MomentPlan
}

/** Makes the examples of the train, validation and test parts. */
export async function makeExamples(request: PlanRequest): Promise<Result<PartExamples, MomentFault>> {
  const plan = await planMoments(request)
  if (!plan.ok) return plan
  const made = await examplesOfPlan({ ...request, plan: plan.value })
  const empty = partNames.find((part) => made[part].count === 0)
  return empty === undefined ? succeed(made) : fail({ code: 'empty_part', part: empty })
}

/** Makes examples of everything that is known: vocabulary and scales are learned from all of it too. */
export async function makeFinalExamples(request: PlanRequest): Promise<Result<FinalExamples, MomentFault>> {
  const plan = await planEverything(request)
  return plan.ok ? finalExamplesOf({ ...request, plan: plan.value }) : plan
}

/** The same of what was known before the test of a plan. */
export async function makeExamplesBefore(
  tested: MomentPlan,
  request: PlanRequest,
): Promise<Result<FinalExamples, MomentFault>> {
  const plan = await planBeforeTest(request, tested)
  return plan.ok ? finalExamplesOf({ ...request, plan: plan.value }) : plan
}

async function finalExamplesOf(request: PlannedRequest): Promise<Result<FinalExamples, MomentFault>> {
  const { features, train, newcomers, histories } = await examplesOfPlan(request)
  if (train.count === 0) return fail({ code: 'empty_part', part: 'train' })
  return succeed({ features, all: train, newcomers, histories, plan: request.plan })
}

export type PlannedRequest = LearnRequest

/** Learns features from the train part of a plan and encodes all its parts; a part may come out empty. */
export async function examplesOfPlan(request: PlannedRequest): Promise<PartExamples> {
  const features = await learnFeatures(request)
  const encoded = await encodeParts({ ...request, features, parts: partNames })
  const { examples, newcomers, histories } = encoded
  return { features, ...examples, newcomers, histories, plan: request.plan }
}
