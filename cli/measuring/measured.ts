// What `presage evaluate` measures, and what came of it.
import type { DataSet } from '../../training/data/data-set.ts'
import type { Project } from '../../features/project.ts'
import type { Told } from '../../training/card-page/told.ts'
import type { TaskResult } from '../../training/card.ts'
import type { ExamplesWanted } from '../../training/moments/plan.ts'
import type { Deviations, MeasuredTask } from '../terminal/metrics-table.ts'

export interface MeasureOptions {
  readonly family: string
  readonly minutes?: number
  readonly seed: number
  readonly examples?: number
  readonly bundle?: string
  readonly against?: readonly string[]
  readonly asked?: 'nightly'
  readonly thresholds?: readonly number[]
  readonly folds?: number
  readonly rolling?: number
  readonly foldFile?: string
}

export interface Measurement {
  readonly project: Project
  readonly data: DataSet
  readonly options: MeasureOptions
}

/** A measurement as it is printed. */
export interface Measured {
  readonly family: string
  readonly bundle?: string
  readonly split: string
  readonly rows: number
  /** Of a bundle: moments, and those of the time that it learned from. */
  readonly examples?: number
  readonly seenExamples?: number
  readonly notCompared?: Readonly<Record<string, unknown>>
  readonly tasks: Readonly<Record<string, MeasuredTask>>
  /** Over folds. */
  readonly deviation?: Deviations
}

export interface Outcome {
  readonly measured: Measured
  /** What the page tells beside. */
  readonly page: Pick<Told, 'tasks' | 'quality' | 'shortages'>
}

/** Events of a log, labelled rows of a table. */
export function rowsOf({ eventCount, questionCount }: DataSet): number {
  return eventCount > 0 ? eventCount : questionCount
}

export async function examplesWanted({ examples }: MeasureOptions): Promise<ExamplesWanted | undefined> {
  const { examplesFor } = await import('../../training/moments/plan.ts')
  return examples === undefined ? undefined : examplesFor(examples)
}

/** Each task's metrics beside those of the prior. */
export function flatten(tasks: Readonly<Record<string, TaskResult>>): Measured['tasks'] {
  return Object.fromEntries(
    Object.entries(tasks).map(([task, { model, ...rest }]) => [task, { ...rest, ...model }]),
  )
}
