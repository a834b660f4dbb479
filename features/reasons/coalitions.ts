// Shapley values by permutations (Castro, Gómez and Tejada, "Polynomial calculation of the Shapley value based on
// sampling", 2009): parts are told one after another in some order, and what each adds is counted to it. Orders
// come in pairs, one and its reverse, which takes away much of the chance. Where parts are few, all sets of them
// are asked and the values are exact.
import { shuffle } from '../random.ts'
import type { Random } from '../random.ts'

export interface CoalitionPlan {
  /** By coalition, by part: whether it is told. The first has none, the last has all. */
  readonly coalitions: readonly (readonly boolean[])[]
  /** By part: what it adds to the score, for the scores of the coalitions. They sum to last less first. */
  contributions(scores: readonly number[]): number[]
}

/** So many parts have their sets all asked: 64. */
const EXACT_PARTS_MAX = 6

/** @param coalitionsMax how many there may be, unless one pair of orders takes more */
export function planCoalitions(
  partCount: number,
  { coalitionsMax, random }: { readonly coalitionsMax: number; readonly random: Random },
): CoalitionPlan {
  const found = collect(partCount)
  const orders =
    partCount <= EXACT_PARTS_MAX ? allOrders(partCount) : drawOrders(partCount, { coalitionsMax, random })
  const paths = orders.map((order) => ({ order, at: pathOf(order, found) }))
  const { coalitions, last } = found.close()
  return {
    coalitions,
    contributions(scores) {
      const scoreAt = (index: number): number => scores[index === -1 ? last : index] ?? Number.NaN
      const sums = Array.from({ length: partCount }, () => 0)
      for (const { order, at } of paths) {
        for (const [step, part] of order.entries()) {
          sums[part] = (sums[part] ?? 0) + scoreAt(at[step + 1] ?? -1) - scoreAt(at[step] ?? 0)
        }
      }
      return sums.map((sum) => sum / orders.length)
    },
  }
}

interface Found {
  /** The place of a coalition; −1 stands for all parts, which come last. */
  placeOf(told: readonly boolean[]): number
  close(): { readonly coalitions: readonly (readonly boolean[])[]; readonly last: number }
}

/** Each coalition once, in the order in which they were first met. */
function collect(partCount: number): Found {
  const masks: (readonly boolean[])[] = [Array.from({ length: partCount }, () => false)]
  const placeByKey = new Map([[keyOf(masks[0] ?? []), 0]])
  return {
    placeOf(mask) {
      if (mask.every(Boolean)) return -1
      const key = keyOf(mask)
      const known = placeByKey.get(key)
      if (known !== undefined) return known
      placeByKey.set(key, masks.length)
      masks.push(mask)
      return masks.length - 1
    },
    close() {
      const all = Array.from({ length: partCount }, () => true)
      return { coalitions: [...masks, all], last: masks.length }
    },
  }
}

function keyOf(mask: readonly boolean[]): string {
  return mask.map(Number).join('')
}

function pathOf(order: readonly number[], found: Found): number[] {
  let told: readonly boolean[] = order.map(() => false)
  return [
    0,
    ...order.map((part) => {
      told = told.with(part, true)
      return found.placeOf(told)
    }),
  ]
}

function drawOrders(
  partCount: number,
  { coalitionsMax, random }: { readonly coalitionsMax: number; readonly random: Random },
): number[][] {
  const parts = [...Array(partCount).keys()]
  const pairs = Math.max(1, Math.floor((coalitionsMax - 2) / (2 * (partCount - 1))))
  return Array.from({ length: pairs }, () => shuffle(parts, random)).flatMap((order) => [
    order,
    order.toReversed(),
  ])
}

function allOrders(partCount: number): number[][] {
  if (partCount === 0) return [[]]
  return allOrders(partCount - 1).flatMap((order) =>
    Array.from({ length: partCount }, (_, place) => order.toSpliced(place, 0, partCount - 1)),
  )
}
