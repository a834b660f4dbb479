// The classes of labelled rows: what rows without a time are split by.
import { labelTasksOf } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { createRandom, shuffle } from '../../features/random.ts'
import { classesOf } from '../../features/target.ts'
import type { DataSet } from '../data/data-set.ts'
import type { PartName } from './parts.ts'

export interface RowClass {
  /** The row's place in the file. */
  readonly place: number
  readonly userId: string
  /** The class of the first label task; −1 where the row does not say. */
  readonly class: number
}

/** The class of every row for the project's first label task, in the order of the file. */
export async function readRowClasses(project: Project, data: DataSet): Promise<RowClass[]> {
  const [label] = labelTasksOf(project)
  if (label === undefined) return []
  const [name, task] = label
  const classes = classesOf(project, task)
  const rows: RowClass[] = []
  for await (const { userId, questions } of data.users()) {
    for (const { place, labels } of questions) {
      rows.push({ place, userId, class: classes.indexOf(labels[name] ?? '') })
    }
  }
  return rows.toSorted((left, right) => left.place - right.place)
}

/** Shares of rows; the rest is for training. */
export const ROW_SHARES = { validation: 0.15, test: 0.15 }

export interface StratifyOptions {
  readonly seed: number
  readonly shares?: { readonly validation: number; readonly test: number }
}

/** The part of each row by its place, every class in the same shares in every part; seeded. */
export function stratifiedParts(
  rows: readonly RowClass[],
  { seed, shares = ROW_SHARES }: StratifyOptions,
): (PartName | undefined)[] {
  const placesMax = rows.reduce((most, { place }) => Math.max(most, place), -1)
  const parts = Array.from({ length: placesMax + 1 }, (): PartName | undefined => undefined)
  const random = createRandom(seed).fork('rows')
  const byClass = Map.groupBy(rows, (row) => row.class)
  for (const [, own] of [...byClass].toSorted(([a], [b]) => a - b)) {
    const shuffled = shuffle(own, random)
    const testCount = Math.round(shares.test * shuffled.length)
    const validationCount = Math.round(shares.validation * shuffled.length)
    for (const [rank, { place }] of shuffled.entries()) {
      const isTest = rank < testCount
      const isValidation = !isTest && rank < testCount + validationCount
      parts[place] = isTest ? 'test' : isValidation ? 'validation' : 'train'
    }
  }
  return parts
}
