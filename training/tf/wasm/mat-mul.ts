// tf.matMul on the WebAssembly backend, whose own kernel is fast for one plain product only and slow for
// batches and for transposed operands.
import * as tf from '@tensorflow/tfjs'
import { addressOf, kernelModule } from './kernel-module.ts'
import type { WasmBackend } from './kernel-module.ts'

/** a [..., M, K] × b [..., K, N] gives [..., M, N]; either may be transposed, and batches broadcast. */
export const matMul: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { a, b } = inputs as { a: tf.TensorInfo; b: tf.TensorInfo }
  const { transposeA, transposeB } = attrs as unknown as { transposeA: boolean; transposeB: boolean }
  if (a.dtype !== 'float32' || b.dtype !== 'float32') {
    throw new Error(`matMul multiplies float32, not ${a.dtype} by ${b.dtype}`)
  }
  const wasm = backend as WasmBackend
  const left = matrixOf(a, transposeA)
  const right = matrixOf(b, !transposeB)
  if (left.depth !== right.depth) {
    throw new Error(`matMul cannot multiply [${a.shape.join()}] by [${b.shape.join()}]: the depths differ`)
  }
  const batch = tf.broadcast_util.assertAndGetBroadcastShape(a.shape.slice(0, -2), b.shape.slice(0, -2))
  const output = wasm.makeOutput([...batch, left.places, right.places], 'float32')
  const module = kernelModule(wasm)
  const scratchBytes = module.productScratchBytes(right.places, left.depth)
  const scratch = wasm.makeOutput([Math.ceil(scratchBytes / 4)], 'float32')
  const from = { out: addressOf(wasm, output), a: addressOf(wasm, a), b: addressOf(wasm, b) }
  const scratchAt = addressOf(wasm, scratch)
  const leftMatrices = matrixPerBatch(a.shape, batch)
  const rightMatrices = matrixPerBatch(b.shape, batch)
  const { depth } = left
  for (const [index, leftMatrix] of leftMatrices.entries()) {
    module.product(
      from.out + index * left.places * right.places * 4,
      from.a + leftMatrix * left.places * depth * 4,
      from.b + (rightMatrices[index] ?? 0) * right.places * depth * 4,
      scratchAt,
      left.places,
      right.places,
      depth,
      left.placeStep,
      left.depthStep,
      right.placeStep,
      right.depthStep,
    )
  }
  wasm.disposeData(scratch.dataId)
  return output
}

interface Matrix {
  /** Rows of the left operand, columns of the right one. */
  readonly places: number
  /** How many products make up a number of the result. */
  readonly depth: number
  /** Bytes to the next place and to the next depth. */
  readonly placeStep: number
  readonly depthStep: number
}

function matrixOf({ shape }: tf.TensorInfo, isDepthFirst: boolean): Matrix {
  const [rows = 0, columns = 0] = shape.slice(-2)
  return isDepthFirst
    ? { places: columns, depth: rows, placeStep: 4, depthStep: columns * 4 }
    : { places: rows, depth: columns, placeStep: columns * 4, depthStep: 4 }
}

/** For each matrix of the result in order, the operand's matrix that it is made of. */
function matrixPerBatch(shape: readonly number[], batch: readonly number[]): number[] {
  const own = shape.slice(0, -2)
  const lengths = [...Array.from({ length: batch.length - own.length }, () => 1), ...own]
  let matrices = [0]
  for (const [axis, length] of batch.entries()) {
    const ownLength = lengths[axis] ?? 1
    const steps = Array.from({ length }, (_, place) => (ownLength === 1 ? 0 : place))
    matrices = matrices.flatMap((matrix) => steps.map((step) => matrix * ownLength + step))
  }
  return matrices
}
