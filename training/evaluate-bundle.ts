// How good a bundle is on any data of its project: encoded with its own features, answered by ONNX Runtime
// with its own calibration, task by task where the project still asks what the bundle answers.
import { sameMeaning } from '../features/project.ts'
import type { Project } from '../features/project.ts'
import type { Head } from '../features/heads/head.ts'
import { fail, succeed } from '../features/result.ts'
import type { Result } from '../features/result.ts'
import { classesOf } from '../features/target.ts'
import type { Manifest } from '../features/manifest.ts'
import type { Card, TaskResult } from './card.ts'
import type { DataSet } from './data/data-set.ts'
import { evaluateTasks, withGiven } from './evaluate.ts'
import type { Answerer } from './evaluate.ts'
import { encodeMoments } from './examples/encode-moments.ts'
import type { Thresholds } from './heads/training-kind.ts'
import { describeMomentFault } from './moments/moment-fault.ts'
import type { MomentFault } from './moments/moment-fault.ts'
import { planMoments } from './moments/plan-moments.ts'
import type { PlanRequest } from './moments/plan-moments.ts'
import type { ExamplesWanted, MomentPlan } from './moments/plan.ts'
import type { Monitor } from './monitor.ts'
import { qualityOf } from './quality/quality.ts'
import type { Quality } from './quality/quality.ts'
import { runExamples } from './onnx/run-examples.ts'
import { createRunner } from './onnx/run.ts'

/** A bundle that was read and found intact. */
export interface Bundle {
  readonly manifest: Manifest
  readonly card: Card
  readonly model: Uint8Array
}

export interface EvaluateBundleRequest {
  readonly project: Project
  readonly data: DataSet
  readonly bundle: Bundle
  readonly seed: number
  readonly examples?: ExamplesWanted | undefined
  readonly asked?: PlanRequest['asked']
  /** From which probabilities of "yes" on metrics are told too, beside the best. */
  readonly thresholds?: readonly number[] | undefined
  /** What others answer at the moments of a plan, by their name. */
  readonly rivals?: ((plan: MomentPlan) => Promise<Readonly<Record<string, Answerer>>>) | undefined
  readonly monitor?: Monitor | undefined
}

/** Why a task of the bundle or of the project is not evaluated. */
export type NotCompared =
  /** The project has no task of this name. */
  | 'not_in_project'
  /** The bundle has none. */
  | 'not_in_bundle'
  /** Both have, but it asks something else, or chooses between other classes. */
  | 'another_meaning'

export type EvaluateBundleFault =
  | MomentFault
  | { readonly code: 'other_project'; readonly expected: string; readonly got: string }
  | { readonly code: 'no_common_task'; readonly notCompared: Readonly<Record<string, NotCompared>> }

export interface BundleEvaluation {
  readonly split: string
  readonly examples: number
  /** How many of them the bundle may have learned from: it knows everything until then. */
  readonly seenExamples: number
  readonly tasks: Readonly<Record<string, TaskResult>>
  /** By task. */
  readonly quality: Readonly<Record<string, Quality>>
  readonly notCompared: Readonly<Record<string, NotCompared>>
}

/** Asks at the moments of the data's test part. */
export async function evaluateBundle(
  request: EvaluateBundleRequest,
): Promise<Result<BundleEvaluation, EvaluateBundleFault>> {
  const { project, data, bundle, monitor } = request
  const { manifest, card, model } = bundle
  if (manifest.project !== project.name) {
    return fail({ code: 'other_project', expected: project.name, got: manifest.project })
  }
  const { heads, notCompared } = compareTasks(project, manifest.heads)
  if (heads.length === 0) return fail({ code: 'no_common_task', notCompared })
  const plan = await planMoments(request)
  if (!plan.ok) return plan
  const moments = {
    project,
    data,
    features: manifest.features,
    plan: plan.value,
    part: 'test',
    monitor,
  } as const
  const examples = await encodeMoments(moments)
  if (examples.count === 0) return fail({ code: 'empty_part', part: 'test' })
  const runner = await createRunner(model, manifest.inputs)
  const outputs = await runExamples(runner, { examples, monitor }).finally(() => runner.release())
  const untilMs = card.deployed.untilMs ?? Infinity
  return succeed({
    split: describeTest(plan.value),
    examples: examples.count,
    seenExamples: examples.atMs.filter((atMs) => atMs < untilMs).length,
    tasks: evaluateTasks(heads, {
      examples,
      outputs,
      seed: request.seed,
      thresholds: withGiven(heads, { chosen: thresholdsOf(card), given: request.thresholds ?? [] }),
      rivals: await request.rivals?.(plan.value),
    }),
    quality: qualityOf(heads, { examples, outputs, features: manifest.features }),
    notCompared,
  })
}

/** Those that the rehearsal chose on validation. */
function thresholdsOf({ rehearsal }: Card): Record<string, Thresholds> {
  return Object.fromEntries(
    Object.entries(rehearsal.tasks).flatMap(([task, { model }]) => {
      const best = model['thresholdBest']
      return typeof best === 'number' ? [[task, { Best: best }]] : []
    }),
  )
}

/** One line that says why a bundle cannot be evaluated. */
export function describeEvaluateFault(fault: EvaluateBundleFault): string {
  switch (fault.code) {
    case 'other_project':
      return `The bundle is of project '${fault.got}', not of '${fault.expected}'`
    case 'no_common_task': {
      const reasons = Object.entries(fault.notCompared).map(
        ([task, reason]) => `'${task}' ${NOT_COMPARED[reason]}`,
      )
      return `The bundle answers nothing that the project asks: ${reasons.join(', ')}`
    }
    case 'too_short':
    case 'received_late':
    case 'empty_part':
    case 'no_events':
    case 'no_labelled_rows':
    case 'row_without_time':
    case 'rows_without_times':
    case 'lies_in_1970':
      return describeMomentFault(fault)
  }
}

/** For people, after the name of the task. */
export const NOT_COMPARED: Readonly<Record<NotCompared, string>> = {
  not_in_project: 'is no task of the project',
  not_in_bundle: 'is not answered by the bundle',
  another_meaning: 'asks something else in the project than in the bundle',
}

/** The heads that mean what the project asks, and why the others are not compared. */
export function compareTasks(
  project: Project,
  heads: readonly Head[],
): { readonly heads: readonly Head[]; readonly notCompared: Readonly<Record<string, NotCompared>> } {
  const notCompared: Record<string, NotCompared> = {}
  const common = heads.filter((head) => {
    const task = project.tasks[head.task]
    if (task === undefined) notCompared[head.task] = 'not_in_project'
    else if (!sameMeaning(task, head.declaration) || !sameClasses(classesOf(project, task), head)) {
      notCompared[head.task] = 'another_meaning'
    } else return true
    return false
  })
  for (const task of Object.keys(project.tasks)) {
    if (!heads.some((head) => head.task === task)) notCompared[task] = 'not_in_bundle'
  }
  return { heads: common, notCompared }
}

function sameClasses(classes: readonly string[], head: Head): boolean {
  return JSON.stringify(classes) === JSON.stringify('classes' in head ? head.classes : [])
}

function describeTest({ parts, split, nights }: MomentPlan): string {
  const { test } = parts
  if (test === undefined || nights !== undefined) return split
  return `by time: from ${new Date(test.fromMs).toISOString()}`
}
