import * as tf from '@tensorflow/tfjs'
import { beforeAll, describe, expect, it } from 'vitest'
import { startBackend } from '../../../training/tf/backend.ts'
import { expectNothingLeft, normalValues, sizeOf } from './build-tensor.ts'

beforeAll(async () => {
  await startBackend('wasm')
})

interface Operand {
  readonly shape: readonly number[]
  readonly values: Float32Array
  readonly transposed: boolean
}

/** An operand that, once transposed where it says so, is a matrix [rows, columns] a batch. */
function operand(
  label: string,
  options: {
    readonly batch?: readonly number[]
    readonly rows: number
    readonly columns: number
    readonly transposed?: boolean
  },
): Operand {
  const { batch = [], rows, columns, transposed = false } = options
  const shape = [...batch, ...(transposed ? [columns, rows] : [rows, columns])]
  return { shape, values: normalValues(sizeOf(shape), label), transposed }
}

function multiply(a: Operand, b: Operand): tf.Tensor {
  return tf.matMul(
    tf.tensor(a.values, [...a.shape]),
    tf.tensor(b.values, [...b.shape]),
    a.transposed,
    b.transposed,
  )
}

/** The numbers of the product, row by row. */
function answer(a: Operand, b: Operand): number[] {
  return tf.tidy(() => Array.from(multiply(a, b).dataSync()))
}

interface Place {
  readonly matrix: number
  readonly row: number
  readonly column: number
}

function at({ shape, values, transposed }: Operand, { matrix, row, column }: Place): number {
  const [height = 0, width = 0] = shape.slice(-2)
  const inside = transposed ? column * width + row : row * width + column
  return values[matrix * height * width + inside] ?? Number.NaN
}

/** The greatest difference from a product in double precision, over the sum of the absolute products. */
function worstError(a: Operand, b: Operand, matrices: readonly (readonly [number, number])[] = [[0, 0]]) {
  const [rows = 0, depth = 0] = a.transposed ? a.shape.slice(-2).toReversed() : a.shape.slice(-2)
  const [, columns = 0] = b.transposed ? b.shape.slice(-2).toReversed() : b.shape.slice(-2)
  const given = answer(a, b)
  expect(given.length).toBe(matrices.length * rows * columns)
  let worst = 0
  for (const [index, [left, right]] of matrices.entries()) {
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        let [sum, size] = [0, Number.MIN_VALUE]
        for (let place = 0; place < depth; place += 1) {
          const product =
            at(a, { matrix: left, row, column: place }) * at(b, { matrix: right, row: place, column })
          sum += product
          size += Math.abs(product)
        }
        const difference = Math.abs((given[(index * rows + row) * columns + column] ?? Number.NaN) - sum)
        worst = Math.max(worst, Number.isNaN(difference) ? Infinity : difference / size)
      }
    }
  }
  return worst
}

/** Eight roundings of float32. What is certain is one a product only; in random sums they cancel out. */
const TOLERANCE = 2 ** -21

/** Rows, depth and columns of a product. */
type Sizes = readonly [number, number, number]

const transposes = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
] as const

describe.each(transposes)('matMul in WebAssembly, transposed %s and %s', (left, right) => {
  const product = ([rows, depth, columns]: Sizes): readonly [Operand, Operand] => [
    operand('a', { rows, columns: depth, transposed: left }),
    operand('b', { rows: depth, columns, transposed: right }),
  ]

  it('agrees with the plain product for every odd and even size', () => {
    const sizes = [1, 3, 5, 7, 8, 9, 17, 64]
    for (const rows of sizes) {
      for (const depth of sizes) {
        for (const columns of sizes) {
          expect(
            worstError(...product([rows, depth, columns])),
            `${rows} × ${depth} × ${columns}`,
          ).toBeLessThan(TOLERANCE)
        }
      }
    }
  })

  it('agrees with the plain product beyond a block in depth and in width', () => {
    const sizes: readonly Sizes[] = [
      [257, 9, 600],
      [9, 600, 257],
      [600, 257, 9],
      [17, 600, 600],
      [5, 512, 513],
    ]
    for (const size of sizes) {
      expect(worstError(...product(size)), size.join(' × ')).toBeLessThan(TOLERANCE)
    }
  })

  it('multiplies batches matrix by matrix', () => {
    const a = operand('a', { batch: [2, 3], rows: 5, columns: 9, transposed: left })
    const b = operand('b', { batch: [2, 3], rows: 9, columns: 7, transposed: right })
    const matrices = Array.from({ length: 6 }, (_, index) => [index, index] as const)
    expect(worstError(a, b, matrices)).toBeLessThan(TOLERANCE)
  })

  it('repeats the matrices of a smaller batch', () => {
    const shared = { transposed: right, rows: 9, columns: 7 }
    const a = operand('a', { batch: [2, 3], rows: 5, columns: 9, transposed: left })
    const across = operand('b', { batch: [2, 1], ...shared })
    const within = operand('b', { batch: [3], ...shared })
    const alone = operand('b', shared)
    const pairs = (index: (place: number) => number) =>
      Array.from({ length: 6 }, (_, place) => [place, index(place)] as const)
    tf.tidy(() => {
      expect(
        worstError(
          a,
          across,
          pairs((place) => Math.floor(place / 3)),
        ),
      ).toBeLessThan(TOLERANCE)
      expect(
        worstError(
          a,
          within,
          pairs((place) => place % 3),
        ),
      ).toBeLessThan(TOLERANCE)
      expect(
        worstError(
          a,
          alone,
          pairs(() => 0),
        ),
      ).toBeLessThan(TOLERANCE)
    })
  })

  it('keeps NaN and infinity in their own rows and columns', () => {
    const [a, b] = product([6, 5, 11])
    a.values[left ? 2 * 6 + 4 : 4 * 5 + 2] = Number.NaN
    b.values[right ? 3 * 5 + 1 : 11 + 3] = Infinity
    const given = answer(a, b)
    for (const [place, value] of given.entries()) {
      const [row, column] = [Math.floor(place / 11), place % 11]
      if (row === 4) expect(value).toBeNaN()
      else if (column === 3) expect(Math.abs(value)).toBe(Infinity)
      else expect(value).toSatisfy(Number.isFinite)
    }
  })

  it('gives the same bytes again, and leaves nothing behind', () => {
    const [a, b] = product([33, 300, 70])
    expectNothingLeft(() => {
      expect(multiply(a, b).dataSync()).toEqual(multiply(a, b).dataSync())
    })
  })

  it('is zero where there is nothing to add up', () => {
    const [a, b] = product([3, 0, 9])
    expect(answer(a, b)).toEqual(Array.from({ length: 27 }, () => 0))
  })
})

describe('matMul in WebAssembly', () => {
  it('rounds every product and every sum, in one order: the same bytes on every machine', () => {
    const [rows, depth, columns] = [5, 600, 11]
    const a = operand('a', { rows, columns: depth })
    const b = operand('b', { rows: depth, columns })
    const given = answer(a, b)
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        let sum = 0
        for (let from = 0; from < depth; from += 256) {
          let part = 0
          for (let place = from; place < Math.min(depth, from + 256); place += 1) {
            const left = at(a, { matrix: 0, row, column: place })
            const right = at(b, { matrix: 0, row: place, column })
            part = Math.fround(part + Math.fround(left * right))
          }
          sum = Math.fround(sum + part)
        }
        expect(given[row * columns + column]).toBe(sum)
      }
    }
  })

  it('refuses matrices that do not fit', () => {
    const a = operand('a', { rows: 2, columns: 3 })
    const b = operand('b', { rows: 2, columns: 3 })
    expectNothingLeft(() => {
      expect(() => multiply(a, b)).toThrow('cannot multiply [2,3] by [2,3]')
    })
  })

  it('refuses numbers other than float32', () => {
    const integers = tf.tensor2d([1, 2, 3, 4], [2, 2], 'int32')
    expect(() => tf.matMul(integers, integers)).toThrow('not int32')
    integers.dispose()
  })
})
