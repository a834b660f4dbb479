// Where a challenger is worse than the champion by more than chance, however many places are looked at.
import { rejectedByHolm } from '../../features/statistics/many-tests.ts'
import { normalBelow } from '../../features/statistics/normal.ts'
import { clusteredMean } from '../metrics/clustered.ts'
import type { PairedTask } from './paired-losses.ts'

/** A task, or a part of its moments. */
export interface Place {
  readonly task: string
  /** Of which moments, for people; absent for all of the task. */
  readonly slice?: string
  /** Which of the task's moments, by their place in it; absent for all. */
  readonly places?: readonly number[]
}

export interface Worse {
  readonly task: string
  readonly slice?: string
  readonly moments: number
  readonly users: number
  /** By how much it is worse, as a share of the champion's loss. */
  readonly loss: number
}

export interface WorseOptions {
  /** The chance that a challenger that is worse nowhere is called so anywhere. */
  readonly alpha: number
  /** What is worse by less than this share of the champion's loss does no harm. */
  readonly harmless: number
}

/** Places where it is worse than chance explains, users being drawn, by Holm's procedure over all of them. */
export function findWorse(
  looked: readonly { readonly paired: PairedTask; readonly place: Place }[],
  { alpha, harmless }: WorseOptions,
): Worse[] {
  const tested = looked.map(({ paired, place }) => {
    const places = place.places ?? [...paired.rows.keys()]
    const userIds = places.map((at) => paired.userIds[at] ?? '')
    const more = places.map((at) => (paired.challenger[at] ?? 0) - (paired.champion[at] ?? 0))
    const lost = places.reduce((sum, at) => sum + (paired.champion[at] ?? 0), 0)
    const { mean, standardError } = clusteredMean(more, userIds)
    const worse: Worse = {
      task: place.task,
      ...(place.slice !== undefined && { slice: place.slice }),
      moments: places.length,
      users: new Set(userIds).size,
      loss: lost === 0 ? 0 : (mean * places.length) / lost,
    }
    return { worse, p: standardError > 0 ? normalBelow(-mean / standardError) : 1 }
  })
  const rejected = rejectedByHolm(
    tested.map(({ p }) => p),
    alpha,
  )
  return tested
    .filter(({ worse }, at) => rejected[at] === true && worse.loss > harmless)
    .map(({ worse }) => worse)
}
