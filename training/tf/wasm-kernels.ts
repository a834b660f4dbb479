// Kernels that training needs and TensorFlow.js's WebAssembly backend lacks, or has only a slow one of.
import * as tf from '@tensorflow/tfjs'

let registered = false

/** Registers each once; the WebAssembly backend must have been imported. */
export function registerMissingKernels(): void {
  if (registered) return
  registered = true
  tf.registerKernel({ kernelName: 'UnsortedSegmentSum', backendName: 'wasm', kernelFunc: unsortedSegmentSum })
  const stock = tf.getKernel('GatherV2', 'wasm')
  tf.unregisterKernel('GatherV2', 'wasm')
  tf.registerKernel({ kernelName: 'GatherV2', backendName: 'wasm', kernelFunc: gatherRows(stock.kernelFunc) })
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

/** Rows of a table, copied whole; the stock kernel works out every single number's place. */
function gatherRows(stock: tf.KernelFunc): tf.KernelFunc {
  return (call) => {
    const { x, indices } = call.inputs as { x: tf.TensorInfo; indices: tf.TensorInfo }
    const { axis, batchDims } = call.attrs as unknown as { axis: number; batchDims: number }
    if (axis !== 0 || batchDims !== 0 || x.dtype !== 'float32') return stock(call)
    const wasm = call.backend as WasmBackend
    const shape = [...indices.shape, ...x.shape.slice(1)]
    const output = wasm.makeOutput(shape, 'float32')
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

/** What the kernels use of tfjs-backend-wasm's BackendWasm. */
interface WasmBackend {
  makeOutput(shape: number[], type: tf.DataType): tf.TensorInfo
  typedArrayFromHeap(tensor: tf.TensorInfo): Float32Array | Int32Array
}
