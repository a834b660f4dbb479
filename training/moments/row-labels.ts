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

export interface StratifiedParts {
  /** By the place of the row. */
  readonly parts: (PartName | undefined)[]
  /** Where users have several rows: whether those of one are in one part. */
  readonly together?: boolean
}

/**
 * Every class in the same shares in every part; seeded. Rows of one user come into one part, so that no model is
 * judged, nor told when to stop, by users that it has learned from; each by itself where there are so few users
 * that a part would have none.
 */
export function stratifiedParts(rows: readonly RowClass[], options: StratifyOptions): StratifiedParts {
  const users = usersOf(rows)
  if (users.length === rows.length) return { parts: partsOfUsers(users, options) }
  const parts = partsOfUsers(users, options)
  const apart = partsOfUsers(
    rows.map((row) => ({ class: row.class, rows: [row] })),
    options,
  )
  const together = new Set(parts).size === new Set(apart).size
  return { parts: together ? parts : apart, together }
}

/** The rows of one user, and which class most of them have. */
export interface RowsOfUser {
  readonly class: number
  readonly rows: readonly RowClass[]
}

/** In the order of their first rows; of classes of as many rows the first counts. */
export function usersOf(rows: readonly RowClass[]): RowsOfUser[] {
  return Array.from(Map.groupBy(rows, ({ userId }) => userId).values(), (own): RowsOfUser => {
    const counts = [...Map.groupBy(own, (row) => row.class)].toSorted(
      ([a, ofA], [b, ofB]) => ofB.length - ofA.length || a - b,
    )
    return { class: counts[0]?.[0] ?? -1, rows: own }
  })
}

/** Users go where rows of all their classes still fit: one of very many is learned from. */
function partsOfUsers(
  users: readonly RowsOfUser[],
  { seed, shares = ROW_SHARES }: StratifyOptions,
): (PartName | undefined)[] {
  const all = users.flatMap(({ rows }) => rows)
  const placesMax = all.reduce((most, { place }) => Math.max(most, place), -1)
  const parts = Array.from({ length: placesMax + 1 }, (): PartName | undefined => undefined)
  const counts = countClasses(all)
  const roomOf = (share: number): Map<number, number> =>
    new Map(Array.from(counts, ([own, count]) => [own, Math.round(share * count)]))
  const room = { test: roomOf(shares.test), validation: roomOf(shares.validation) }
  const random = createRandom(seed).fork('rows')
  const byClass = Map.groupBy(users, (user) => user.class)
  for (const [, own] of [...byClass].toSorted(([a], [b]) => a - b)) {
    for (const { rows } of shuffle(own, random)) {
      const wanted = [...countClasses(rows)]
      const part = (['test', 'validation'] as const).find((name) =>
        wanted.every(([of, count]) => count <= (room[name].get(of) ?? 0)),
      )
      for (const { place } of rows) parts[place] = part ?? 'train'
      if (part === undefined) continue
      for (const [of, count] of wanted) room[part].set(of, (room[part].get(of) ?? 0) - count)
    }
  }
  return parts
}

/** How many rows have each class. */
export function countClasses(rows: readonly RowClass[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const { class: own } of rows) counts.set(own, (counts.get(own) ?? 0) + 1)
  return counts
}
