// The gradient of gather, which the WebAssembly backend lacks.
import type * as tf from '@tensorflow/tfjs'
import type { WasmBackend } from './kernel-module.ts'

/** Rows of x [N, ...] added up by their segment id [N]; ids outside of the segments count for nothing. */
export const unsortedSegmentSum: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, segmentIds } = inputs as { x: tf.TensorInfo; segmentIds: tf.TensorInfo }
  const { numSegments } = attrs as unknown as { numSegments: number }
  const wasm = backend as WasmBackend
  const width = x.shape.slice(1).reduce((size, length) => size * length, 1)
  const output = wasm.makeOutput([numSegments, ...x.shape.slice(1)], 'float32')
  // Views are taken after the output was allocated: allocation may move the memory.
  const sums = wasm.typedArrayFromHeap(output).fill(0)
  const rows = wasm.typedArrayFromHeap(x)
  const ids = wasm.typedArrayFromHeap(segmentIds)
  for (let row = 0; row < ids.length; row += 1) {
    const id = ids[row] ?? -1
    if (id < 0 || id >= numSegments) continue
    const from = row * width
    const to = id * width
    for (let place = 0; place < width; place += 1) {
      sums[to + place] = (sums[to + place] ?? 0) + (rows[from + place] ?? 0)
    }
  }
  return output
}
