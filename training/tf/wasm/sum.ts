// tf.sum on the WebAssembly backend, whose own kernel transposes first when it is not the last axes that
// are summed, as for the gradient of every bias.
import * as tf from '@tensorflow/tfjs'
import { addressOf, kernelModule, sizeOf } from './kernel-module.ts'
import type { WasmBackend } from './kernel-module.ts'

/** Sums of float32 over neighbouring axes before the last one; all others are left to the stock kernel. */
export function sum(stock: tf.KernelFunc): tf.KernelFunc {
  return (call) => {
    const { x } = call.inputs as { x: tf.TensorInfo }
    const { axis, keepDims } = call.attrs as unknown as { axis: number | number[]; keepDims: boolean }
    const axes = tf.util.parseAxisParam(axis, x.shape).toSorted((left, right) => left - right)
    const [first = 0, last = 0] = [axes[0], axes.at(-1)]
    const width = sizeOf(x.shape.slice(last + 1))
    const isOneBlock = axes.length === last - first + 1
    if (x.dtype !== 'float32' || width === 1 || !isOneBlock) return stock(call)
    const wasm = call.backend as WasmBackend
    const kept = keepDims ? axes.map(() => 1) : []
    const output = wasm.makeOutput(
      [...x.shape.slice(0, first), ...kept, ...x.shape.slice(last + 1)],
      'float32',
    )
    kernelModule(wasm).sumRows(
      addressOf(wasm, output),
      addressOf(wasm, x),
      sizeOf(x.shape.slice(0, first)),
      sizeOf(x.shape.slice(first, last + 1)),
      width,
    )
    return output
  }
}
