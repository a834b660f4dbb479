// What encode needs to know of the data, learned from the train part of a plan alone.
import type { Features } from '../../features/manifest.ts'
import type { Project } from '../../features/project.ts'
import type { DataSet } from '../data/data-set.ts'
import type { MomentPlan } from '../moments/plan.ts'
import type { Monitor } from '../monitor.ts'

export interface LearnRequest {
  readonly project: Project
  readonly data: DataSet
  readonly plan: MomentPlan
  readonly monitor?: Monitor | undefined
}

/** One pass over the data. */
export async function learnFeatures(request: LearnRequest): Promise<Features> {
  throw new Error(`Not yet: ${request.project.name}`)
}
