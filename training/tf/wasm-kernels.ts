// Kernels that training needs and TensorFlow.js's WebAssembly backend lacks.
import * as tf from '@tensorflow/tfjs'

let registered = false

/** Registers each once. */
export function registerMissingKernels(): void {
  if (registered) return
  registered = true
  tf.registerKernel({ kernelName: 'UnsortedSegmentSum', backendName: 'wasm', kernelFunc: unsortedSegmentSum })
}

/** The gradient of gather: rows of x [N, ...] are added up by their segment id [N]. */
const unsortedSegmentSum: tf.KernelFunc = ({ inputs, attrs, backend }) => {
  const { x, segmentIds } = inputs as { x: tf.TensorInfo; segmentIds: tf.TensorInfo }
  const numSegments = (attrs as { numSegments: number } | undefined)?.numSegments ?? 0
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

/** What the kernels use of tfjs-backend-wasm's BackendWasm. */
interface WasmBackend {
  makeOutput(shape: number[], type: tf.DataType): tf.TensorInfo
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array | Int32Array
}
