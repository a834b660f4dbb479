// tf.gather on the WebAssembly backend, whose own kernel works out every single number's place.
import type * as tf from '@tensorflow/tfjs'
import type { WasmBackend } from './kernel-module.ts'

/** Rows of a table [V, ...] at indices [...], each copied whole; anything else is left to the stock kernel. */
export function gather(stock: tf.KernelFunc): tf.KernelFunc {
  return (call) => {
    const { x, indices } = call.inputs as { x: tf.TensorInfo; indices: tf.TensorInfo }
    const { axis, batchDims } = call.attrs as unknown as { axis: number; batchDims: number }
    if (axis !== 0 || batchDims !== 0 || x.dtype !== 'float32') return stock(call)
    const wasm = call.backend as WasmBackend
    const output = wasm.makeOutput([...indices.shape, ...x.shape.slice(1)], 'float32')
    // Views are taken after the output was allocated: allocation may move the memory.
    const rows = wasm.typedArrayFromHeap(output)
    const table = wasm.typedArrayFromHeap(x)
    const ids = wasm.typedArrayFromHeap(indices)
    const width = x.shape.slice(1).reduce((size, length) => size * length, 1)
    for (let row = 0; row < ids.length; row += 1) {
      const from = (ids[row] ?? 0) * width
      rows.set(table.subarray(from, from + width), row * width)
    }
    return output
  }
}
