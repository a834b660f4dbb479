// The heads of a model as fitting starts: classes, priors, class weights and units from the train part. A
// task whose outcome is too rare is answered by the prior; only where all are is there nothing to learn.
import type { Head } from '../../features/heads/head.ts'
import type { Project } from '../../features/project.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import { classesOf } from '../../features/target.ts'
import { trainingKindOfTask } from './kinds.ts'
import type { Shortage } from './training-kind.ts'

export type TaskShortage = Shortage & { readonly task: string }

/** No task has enough examples of its outcomes. */
export interface TooFew {
  readonly code: 'too_few'
  readonly shortages: readonly TaskShortage[]
}

export interface NewHeads {
  /** One a task, in the order of the project. */
  readonly heads: readonly Head[]
  /** Of the tasks that the prior answers for it. */
  readonly shortages: readonly TaskShortage[]
}

/** By task; NaN while unknown. */
type Targets = Readonly<Record<string, Float32Array>>

export interface HeadsRequest {
  /** Of the examples that are learned from. */
  readonly targets: Targets
  /** After the first moments of users, examples or not. */
  readonly newcomerTargets: Targets
  /** The heads of a rehearsal, whose choices a final fit shares. */
  readonly like?: readonly Head[]
}

/** One head a task, uncalibrated. */
export function createHeads(
  project: Project,
  { targets, newcomerTargets, like = [] }: HeadsRequest,
): Result<NewHeads, TooFew> {
  const created = Object.entries(project.tasks).map(([task, declaration]) => {
    const earlier = like.find((head) => head.task === task)
    return {
      task,
      ...trainingKindOfTask(declaration).create({
        task,
        declaration,
        classes: classesOf(project, declaration),
        targets: known(targets[task]),
        newcomerTargets: known(newcomerTargets[task]),
        ...(earlier !== undefined && { like: earlier }),
      }),
    }
  })
  const shortages = created.flatMap(({ task, shortage }) =>
    shortage === undefined ? [] : [{ task, ...shortage }],
  )
  if (shortages.length === created.length) return fail({ code: 'too_few', shortages })
  const heads = created.map(({ head, shortage }): Head => {
    return shortage === undefined ? head : { ...head, basis: 'prior' }
  })
  return succeed({ heads, shortages })
}

function known(targets: Float32Array | undefined): Float32Array {
  return (targets ?? new Float32Array(0)).filter((value) => !Number.isNaN(value))
}
