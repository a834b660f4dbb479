import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import { createVectorWriter, dot, packVector, unpackVector } from '../../../features/vectors.ts'
import { FEATURE_SIZES } from '../../../training/learn/feature-sizes.ts'
import { learnVector } from '../../../training/learn/learn-vector.ts'
import { principalAxes } from '../../../training/learn/principal-axes.ts'

const random = createRandom(1)
const LENGTH = FEATURE_SIZES.vectorNumbers + 20

/** Vectors that vary along three directions, a tenth as much along each as along the one before. */
function buildVectors(count: number, length: number): Float64Array[] {
  const directions = [0, 1, 2].map((place) => (at: number) => (at % 3 === place ? 1 : 0))
  return Array.from({ length: count }, () => {
    const along = [random.normal(), 0.1 * random.normal(), 0.01 * random.normal()]
    return Float64Array.from({ length }, (_, at) =>
      directions.reduce((sum, direction, place) => sum + (along[place] ?? 0) * direction(at), 5),
    )
  })
}

describe('principalAxes', () => {
  it('finds the directions along which vectors vary, the one with most first, and no more than there are', () => {
    const axes = principalAxes(buildVectors(200, 9), { count: 9, random: createRandom(2) })
    for (const [place, axis] of axes.slice(0, 3).entries()) {
      for (const [at, value] of axis.entries()) {
        expect(Math.abs(value)).toBeCloseTo(at % 3 === place ? 1 / Math.sqrt(3) : 0, 1)
      }
    }
    for (const [place, axis] of axes.entries()) {
      for (const [other, second] of axes.entries()) {
        expect(dot(axis, second)).toBeCloseTo(place === other ? 1 : 0, 6)
      }
    }
  })
})

describe('learnVector', () => {
  const packed = buildVectors(300, LENGTH).map((vector) => packVector(vector))

  it('projects long vectors alone, to no more than they vary along, and scales what is read of them', () => {
    const learned = learnVector(packed, { length: LENGTH, random: createRandom(2) })
    expect(learned.projection.length).toBe(3)
    const feature = { ...learned, name: 'taste', origin: 'user' as const, length: LENGTH }
    const rows = packed.map((one) => {
      const row = new Float32Array(1 + learned.means.length)
      createVectorWriter(feature)(row, 0, one)
      return row
    })
    for (const place of [1, 2, 3]) {
      const read = rows.map((row) => row[place] ?? NaN)
      const mean = read.reduce((sum, value) => sum + value, 0) / read.length
      expect(mean).toBeCloseTo(0, 5)
      expect(read.reduce((sum, value) => sum + (value - mean) ** 2, 0) / read.length).toBeCloseTo(1, 3)
    }
    const short = buildVectors(20, 4).map((vector) => packVector(vector))
    const plain = learnVector(short, { length: 4, random: createRandom(2) })
    expect(plain.projection).toEqual([])
    expect(plain.means).toHaveLength(4)
  })

  it('is the same for the same sample, and reads as average where there was none', () => {
    const twice = [1, 2].map(() => learnVector(packed, { length: LENGTH, random: createRandom(3) }))
    expect(twice[0]).toEqual(twice[1])
    const none = learnVector([], { length: 4, random: createRandom(3) })
    expect(none).toEqual({ projection: [], means: [0, 0, 0, 0], deviations: [0, 0, 0, 0] })
  })

  it('keeps in packed axes what the vectors say', () => {
    const { projection } = learnVector(packed, { length: LENGTH, random: createRandom(2) })
    const [first] = projection.map((axis) => unpackVector(axis, LENGTH))
    const along = packed.map((one) => dot(first as Float64Array, unpackVector(one, LENGTH) as Float64Array))
    expect(new Set(along.map((value) => value.toFixed(1))).size).toBeGreaterThan(10)
  })
})
