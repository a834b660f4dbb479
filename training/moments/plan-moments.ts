// Choosing when questions are asked, by one pass over the data.
import type { Project } from '../../features/project.ts'
import type { Result } from '../../features/result.ts'
import type { DataSet } from '../data/data-set.ts'
import type { Monitor } from '../monitor.ts'
import type { MomentFault } from './moment-fault.ts'
import type { ExamplesWanted, MomentPlan } from './plan.ts'
import type { PartName } from './parts.ts'

export interface PlanRequest {
  readonly project: Project
  readonly data: DataSet
  readonly seed: number
  /** Of moments about so many; where absent EXAMPLES_DEFAULT, and all labelled rows. */
  readonly examples?: ExamplesWanted | undefined
  readonly monitor?: Monitor | undefined
}

/** A plan for a rehearsal: three parts, by time, or of rows without a time stratified at random. */
export async function planMoments(request: PlanRequest): Promise<Result<MomentPlan, MomentFault>> {
  throw new Error(`Not yet: ${request.project.name}`)
}

/** A plan for a final fit: everything up to the end of the data is the train part. */
export async function planEverything(request: PlanRequest): Promise<Result<MomentPlan, MomentFault>> {
  throw new Error(`Not yet: ${request.project.name}`)
}

/** A plan for rows whose parts are given by their places, as folds are. */
export function planRows(partOfRow: readonly (PartName | undefined)[], seed: number): MomentPlan {
  throw new Error(`Not yet: ${partOfRow.length} ${seed}`)
}
