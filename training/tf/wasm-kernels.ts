// Kernels that training needs and TensorFlow.js's WebAssembly backend lacks, or has only a slow one of.
import * as tf from '@tensorflow/tfjs'
import { gather, unsortedSegmentSum } from './wasm/gather.ts'
import { identity } from './wasm/identity.ts'
import { matMul } from './wasm/mat-mul.ts'
import { sum } from './wasm/sum.ts'
import { transpose } from './wasm/transpose.ts'

let registered = false

/** Registers each once; the WebAssembly backend must have been imported. */
export function registerMissingKernels(): void {
  if (registered) return
  registered = true
  tf.registerKernel({ kernelName: 'UnsortedSegmentSum', backendName: 'wasm', kernelFunc: unsortedSegmentSum })
  replaceKernel('BatchMatMul', () => matMul)
  replaceKernel('GatherV2', gather)
  replaceKernel('Identity', () => identity)
  replaceKernel('Sum', sum)
  replaceKernel('Transpose', transpose)
}

/** Puts a kernel where the stock one was, which it may fall back on. */
function replaceKernel(kernelName: string, create: (stock: tf.KernelFunc) => tf.KernelFunc): void {
  const stock = tf.getKernel(kernelName, 'wasm')
  tf.unregisterKernel(kernelName, 'wasm')
  tf.registerKernel({ ...stock, kernelFunc: create(stock.kernelFunc) })
}
