// What is learned of a vector: the axes on which a long one is projected, and the scale of each number that is
// then read of it.
import type { VectorFeature } from '../../features/manifest.ts'
import type { Random } from '../../features/random.ts'
import { dot, packVector, unpackVector } from '../../features/vectors.ts'
import { FEATURE_SIZES } from './feature-sizes.ts'
import { principalAxes } from './principal-axes.ts'
import { momentsOf } from './statistics.ts'

/** @param packed a sample of its values */
export function learnVector(
  packed: readonly string[],
  { length, random }: { readonly length: number; readonly random: Random },
): Pick<VectorFeature, 'projection' | 'means' | 'deviations'> {
  const vectors = packed.flatMap((one) => unpackVector(one, length) ?? [])
  const count = FEATURE_SIZES.vectorNumbers
  // As the manifest has them, so that the scales are those of what encode will read.
  const projection =
    length <= count || vectors.length === 0
      ? []
      : principalAxes(vectors, { count, random }).map((axis) => packVector(axis))
  const axes = projection.flatMap((axis) => unpackVector(axis, length) ?? [])
  const read = Array.from({ length: axes.length === 0 ? length : axes.length }, (_, place) => {
    const axis = axes[place]
    return momentsOf(vectors.map((vector) => (axis === undefined ? (vector[place] ?? 0) : dot(axis, vector))))
  })
  return {
    projection,
    means: read.map(({ mean }) => mean),
    deviations: read.map(({ deviation }) => deviation),
  }
}
