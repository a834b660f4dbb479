// tf.clone on the WebAssembly backend, whose own kernel copies; no kernel ever changes its input.
import type * as tf from '@tensorflow/tfjs'
import type { WasmBackend } from './kernel-module.ts'

/** The same numbers in the same place, which are given up only after their last holder. */
export const identity: tf.KernelFunc = ({ inputs, backend }) => {
  const { x } = inputs as { x: tf.TensorInfo }
  const wasm = backend as WasmBackend
  wasm.incRef(x.dataId)
  return { dataId: x.dataId, shape: x.shape, dtype: x.dtype }
}
