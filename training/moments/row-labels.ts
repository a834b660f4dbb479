// The classes of labelled rows, by their places in the file: what rows are stratified by.
import type { Project } from '../../features/project.ts'
import { createRandom, shuffle } from '../../features/random.ts'
import { classesOf } from '../../features/target.ts'
import type { DataSet } from '../data/data-set.ts'
import type { PartName } from './parts.ts'

/** The class of each row for the project's first label task, −1 where there is none; by place. */
export async function readRowClasses(project: Project, data: DataSet): Promise<Int32Array> {
  const [name, task] = Object.entries(project.tasks).find(([, { kind }]) => kind === 'label') ?? []
  const classes = Int32Array.from({ length: data.questionCount }, () => -1)
  if (name === undefined || task === undefined) return classes
  const declared = classesOf(project, task)
  for await (const { questions } of data.users()) {
    for (const { place, labels } of questions) classes[place] = declared.indexOf(labels[name] ?? '')
  }
  return classes
}

/** Shares of rows; the rest is for training. */
export const ROW_SHARES = { validation: 0.15, test: 0.15 }

/** The part of each row, every class in the same shares in every part; seeded. */
export function stratifiedParts(
  classes: Int32Array,
  {
    seed,
    shares = ROW_SHARES,
  }: { readonly seed: number; readonly shares?: { readonly validation: number; readonly test: number } },
): PartName[] {
  const parts = Array.from(classes, (): PartName => 'train')
  const random = createRandom(seed).fork('rows')
  for (const wanted of [...new Set(classes)].toSorted((a, b) => a - b)) {
    const places = [...classes.keys()].filter((place) => classes[place] === wanted)
    const shuffled = shuffle(places, random)
    const testCount = Math.round(shares.test * shuffled.length)
    const validationCount = Math.round(shares.validation * shuffled.length)
    for (const place of shuffled.slice(0, testCount)) parts[place] = 'test'
    for (const place of shuffled.slice(testCount, testCount + validationCount)) parts[place] = 'validation'
  }
  return parts
}
