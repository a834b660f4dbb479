// tf.transpose on the WebAssembly backend, whose own kernel copies even where nothing moves, as in every
// gradient of gather.
import type * as tf from '@tensorflow/tfjs'
import type { WasmBackend } from './kernel-module.ts'

/** The same numbers in the same place where only axes of length 1 move; else the stock kernel's copy. */
export function transpose(stock: tf.KernelFunc): tf.KernelFunc {
  return (call) => {
    const { x } = call.inputs as { x: tf.TensorInfo }
    const { perm } = call.attrs as unknown as { perm: readonly number[] }
    const moving = perm.filter((axis) => x.shape[axis] !== 1)
    if (moving.some((axis, place) => axis < (moving[place - 1] ?? 0))) return stock(call)
    const wasm = call.backend as WasmBackend
    wasm.incRef(x.dataId)
    return { dataId: x.dataId, shape: perm.map((axis) => x.shape[axis] ?? 0), dtype: x.dtype }
  }
}
