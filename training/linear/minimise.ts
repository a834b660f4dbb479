// The least value of a smooth convex function of many numbers, by L-BFGS (Liu and Nocedal, "On the limited memory
// BFGS method for large scale optimization", 1989) with a backtracking line search.

import { dot } from '../../features/vectors.ts'

export interface MinimiseRequest {
  readonly start: Float64Array
  /** The value at a point; writes the gradient there. */
  readonly valueAt: (point: Float64Array, gradient: Float64Array) => number
  readonly stepsMax: number
  /** A step that lowers the value by a lesser share is the last. */
  readonly gainMin: number
}

/** How many steps are remembered. */
const MEMORY = 8
/** Armijo's condition: a step must bring this share of what its slope promises. */
const DESCENT_SHARE = 1e-4
const HALVINGS_MAX = 30

/** The best point found; the start where the value there is no number. */
export function minimise({ start, valueAt, stepsMax, gainMin }: MinimiseRequest): Float64Array {
  let point = start.slice()
  let gradient = new Float64Array(point.length)
  let value = valueAt(point, gradient)
  const memory: Remembered[] = []
  for (let step = 0; step < stepsMax; step += 1) {
    const direction = directionFrom(gradient, memory)
    const slope = dot(direction, gradient)
    if (!(slope < 0)) break
    const next = new Float64Array(point.length)
    const nextGradient = new Float64Array(point.length)
    let nextValue = Number.NaN
    let length = 1
    for (let halving = 0; halving < HALVINGS_MAX; halving += 1) {
      for (let place = 0; place < next.length; place += 1) {
        next[place] = point[place]! + length * direction[place]!
      }
      nextValue = valueAt(next, nextGradient)
      if (nextValue <= value + DESCENT_SHARE * length * slope) break
      length /= 2
      nextValue = Number.NaN
    }
    if (Number.isNaN(nextValue)) break
    remember(memory, { moved: difference(next, point), turned: difference(nextGradient, gradient) })
    const gain = value - nextValue
    ;[point, gradient, value] = [next, nextGradient, nextValue]
    if (gain < gainMin * Math.abs(value)) break
  }
  return point
}

interface Remembered {
  /** Between two points, and between their gradients. */
  readonly moved: Float64Array
  readonly turned: Float64Array
  readonly product: number
}

function remember(memory: Remembered[], step: Omit<Remembered, 'product'>): void {
  const product = dot(step.moved, step.turned)
  if (!(product > 1e-12)) return
  memory.push({ ...step, product })
  if (memory.length > MEMORY) memory.shift()
}

/** Downhill, by the curvature that was met. */
function directionFrom(gradient: Float64Array, memory: readonly Remembered[]): Float64Array {
  const direction = gradient.map((slope) => -slope)
  const shares: number[] = []
  for (const { moved, turned, product } of memory.toReversed()) {
    const share = dot(moved, direction) / product
    shares.push(share)
    addTo(direction, -share, turned)
  }
  const latest = memory.at(-1)
  const scale =
    latest === undefined
      ? 1 / Math.max(1e-12, Math.sqrt(dot(gradient, gradient)))
      : latest.product / dot(latest.turned, latest.turned)
  for (let place = 0; place < direction.length; place += 1) direction[place]! *= scale
  for (const { moved, turned, product } of memory) {
    addTo(direction, (shares.pop() ?? 0) - dot(turned, direction) / product, moved)
  }
  return direction
}

function difference(a: Float64Array, b: Float64Array): Float64Array {
  return a.map((value, place) => value - b[place]!)
}

function addTo(a: Float64Array, factor: number, b: Float64Array): void {
  for (let place = 0; place < a.length; place += 1) a[place]! += factor * b[place]!
}
