// tf.gather on the WebAssembly backend, whose own kernel works out every single number's place, and its
// gradient, which the backend lacks.
import type * as tf from '@tensorflow/tfjs'
import { addressOf, kernelModule, sizeOf } from './kernel-module.ts'
import type { WasmBackend } from './kernel-module.ts'

/** Rows of a table [V, ...] at indices [...], each copied whole; anything else is left to the stock kernel. */
export function gather(stock: tf.KernelFunc): tf.KernelFunc {
  return (call) => {
    const { x, indices } = call.inputs as { x: tf.TensorInfo; indices: tf.TensorInfo }
    const { axis, batchDims } = call.attrs as unknown as { axis: number; batchDims: number }
    if (axis !== 0 || batchDims !== 0 || x.dtype !== 'float32') return stock(call)
    const wasm = call.backend as WasmBackend
    const output = wasm.makeOutput([...indices.shape, ...x.shape.slice(1)], 'float32')
    kernelModule(wasm).pickRows(
      addressOf(wasm, output),
      addressOf(wasm, x),
      addressOf(wasm, indices),
      sizeOf(indices.shape),
      sizeOf(x.shape.slice(1)),
    )
    return output
  }
}

/** Rows of x [N, ...] added up by their segment id [N]; ids outside of the segments count for nothing. */
export const unsortedSegmentSum: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, segmentIds } = inputs as { x: tf.TensorInfo; segmentIds: tf.TensorInfo }
  const { numSegments } = attrs as unknown as { numSegments: number }
  const wasm = backend as WasmBackend
  const output = wasm.makeOutput([numSegments, ...x.shape.slice(1)], 'float32')
  kernelModule(wasm).addRowsById(
    addressOf(wasm, output),
    addressOf(wasm, x),
    addressOf(wasm, segmentIds),
    sizeOf(segmentIds.shape),
    sizeOf(x.shape.slice(1)),
    numSegments,
  )
  return output
}
