// The slices in which a challenger must not be worse: those with enough users to tell.
import { slicesOf } from '../quality/slices.ts'
import type { Sliced } from '../quality/slices.ts'
import type { PairedTask } from './paired-losses.ts'
import type { Place } from './worse.ts'

/** A slice of fewer users tells nothing. */
const USERS_MIN = 200

/** Of the moments of a task. */
export function gateSlices(paired: PairedTask, sliced: Sliced): Place[] {
  return slicesOf(sliced).flatMap(({ name, has }) => {
    const places = [...paired.rows.keys()].filter((place) => has(paired.rows[place] ?? -1))
    if (places.length === paired.rows.length) return []
    const users = new Set(places.map((place) => paired.userIds[place]))
    return users.size < USERS_MIN ? [] : [{ task: paired.task, slice: name, places }]
  })
}
