// The directions along which vectors vary most, by subspace iteration (Halko, Martinsson and Tropp, "Finding
// Structure with Randomness", 2011, algorithm 4.4): random directions are drawn towards them by the covariance.
import type { Random } from '../../features/random.ts'
import { dot } from '../../features/vectors.ts'

const ITERATIONS = 8

/**
 * Orthonormal axes, as many as asked for or as the vectors vary along, by falling variance as far as so few
 * iterations tell them apart.
 * @param vectors of one length, one or more
 */
export function principalAxes(
  vectors: readonly Float64Array[],
  { count, random }: { readonly count: number; readonly random: Random },
): Float64Array[] {
  const length = vectors[0]?.length ?? 0
  const mean = meanOf(vectors, length)
  const centred = vectors.map((vector) => vector.map((value, place) => value - (mean[place] ?? 0)))
  let axes = orthonormal(
    Array.from({ length: Math.min(count, length, vectors.length) }, () =>
      Float64Array.from({ length }, () => random.normal()),
    ),
  )
  for (let iteration = 0; iteration < ITERATIONS; iteration += 1) {
    axes = orthonormal(axes.map((axis) => drawn(centred, axis)))
  }
  return axes
}

function meanOf(vectors: readonly Float64Array[], length: number): Float64Array {
  const sum = new Float64Array(length)
  for (const vector of vectors) {
    for (let place = 0; place < length; place += 1) sum[place] = (sum[place] ?? 0) + (vector[place] ?? 0)
  }
  return sum.map((value) => value / vectors.length)
}

/** The covariance times an axis, but for a factor. */
function drawn(centred: readonly Float64Array[], axis: Float64Array): Float64Array {
  const sum = new Float64Array(axis.length)
  for (const vector of centred) {
    const along = dot(vector, axis)
    for (let place = 0; place < sum.length; place += 1) {
      sum[place] = (sum[place] ?? 0) + along * (vector[place] ?? 0)
    }
  }
  return sum
}

/** Gram and Schmidt, each twice for the rounding; directions that say nothing new are left out. */
function orthonormal(axes: readonly Float64Array[]): Float64Array[] {
  const found: Float64Array[] = []
  for (const axis of axes) {
    const before = Math.sqrt(dot(axis, axis))
    for (let pass = 0; pass < 2; pass += 1) {
      for (const other of found) {
        const along = dot(axis, other)
        for (let place = 0; place < axis.length; place += 1) {
          axis[place] = (axis[place] ?? 0) - along * (other[place] ?? 0)
        }
      }
    }
    const left = Math.sqrt(dot(axis, axis))
    if (!(left > 1e-6 * before)) continue
    found.push(axis.map((value) => value / left))
  }
  return found
}
