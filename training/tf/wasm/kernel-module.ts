// The compiled kernels, put to work on the memory of TensorFlow.js's WebAssembly backend.
import { readFileSync } from 'node:fs'
import type * as tf from '@tensorflow/tfjs'

/** The functions of assembly/; addresses and steps are in bytes, the rest are counts. */
export interface KernelModule {
  product(...words: ProductWords): void
  productScratchBytes(columns: number, depth: number): number
  pickRows(...words: RowWords): void
  addRowsById(...words: [...RowWords, tableRows: number]): void
  sumRows(out: number, x: number, blocks: number, rows: number, width: number): void
}

type RowWords = [out: number, rows: number, ids: number, count: number, width: number]

type ProductWords = [
  out: number,
  left: number,
  right: number,
  scratch: number,
  rows: number,
  columns: number,
  depth: number,
  leftRowStep: number,
  leftDepthStep: number,
  rightColumnStep: number,
  rightDepthStep: number,
]

/** What the kernels use of tfjs-backend-wasm's BackendWasm. */
export interface WasmBackend {
  /** A new tensor, its numbers not yet set. */
  makeOutput(shape: readonly number[], type: tf.DataType): tf.TensorInfo
  disposeData(id: object): boolean
  /** One holder more: that many times must the data be disposed of. */
  incRef(id: object): void
  readonly dataIdMap: { get(id: object): { readonly memoryOffset: number } }
  readonly wasm: { readonly asm: { readonly memory: object } }
}

const modules = new WeakMap<object, KernelModule>()

/** The kernels on this backend's memory; the same ones at every call. */
export function kernelModule(backend: WasmBackend): KernelModule {
  const { memory } = backend.wasm.asm
  const known = modules.get(memory)
  if (known !== undefined) return known
  const code = new WebAssembly.Module(readFileSync(new URL('kernels.wasm', import.meta.url)))
  const { exports } = new WebAssembly.Instance(code, { env: { memory } })
  modules.set(memory, exports)
  return exports
}

/** Where a tensor's numbers lie; holds until the tensor is disposed of, even when the memory grows. */
export function addressOf(backend: WasmBackend, { dataId }: tf.TensorInfo): number {
  return backend.dataIdMap.get(dataId).memoryOffset
}

/** How many numbers a shape holds; 1 for that of a scalar. */
export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1)
}

/** The part of the platform's WebAssembly that is used; TypeScript knows it only with a browser's types. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (
    module: object,
    imports: { readonly env: { readonly memory: object } },
  ) => { readonly exports: KernelModule }
}
