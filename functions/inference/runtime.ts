// ONNX Runtime inside the Worker: the only file that imports onnxruntime-web.
// workerd compiles no WebAssembly from bytes, and ONNX Runtime accepts only bytes. So it is given a
// sentinel, and while it boots WebAssembly.instantiate answers the sentinel with the imported module.
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm'
import runtimeModule from 'onnxruntime-web/ort-wasm-simd-threaded.wasm'
import type { InputSpec } from '../../features/manifest.ts'

/** A tensor as a model declares it. */
export interface DeclaredValue {
  readonly name: string
  readonly type: string
  /** With the batch dimension; a size that has a name is any size. */
  readonly shape: readonly (number | string)[]
}

/** A model that is ready to answer. */
export interface ModelSession {
  /** What the model itself says of its inputs and outputs. */
  readonly inputs: readonly DeclaredValue[]
  readonly outputs: readonly DeclaredValue[]
  /** The outputs of one row by name; the row's inputs by name, row-major as the specs say. */
  run(row: Readonly<Record<string, Float32Array | Int32Array>>): Promise<Record<string, Float32Array>>
  /** Frees the model's memory; the session answers no more. */
  release(): Promise<void>
}

/** One Identity node. Booting with it lets a corrupt model fail alone, and not the runtime with it. */
const IDENTITY_MODEL = 'CAg6NwoQCgF4EgF5IghJZGVudGl0eRIBZ1oPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFCAhAR'

let booted: Promise<void> | undefined

/**
 * Boots the runtime, once for the isolate. Left to the first bundle that is loaded, while its files are
 * on their way: at module scope it would take most of the time that a Worker has to start.
 */
export function bootRuntime(): Promise<void> {
  booted ??= boot().catch((error: unknown) => {
    booted = undefined
    throw error
  })
  return booted
}

/**
 * Opens a model for single rows.
 * @param inputs the model's inputs without their batch dimension
 * Rejects when the bytes are no model that ONNX Runtime can run.
 */
export async function openSession(model: Uint8Array, inputs: readonly InputSpec[]): Promise<ModelSession> {
  await bootRuntime()
  const session = await InferenceSession.create(model, { graphOptimizationLevel: 'all', logSeverityLevel: 3 })
  return {
    inputs: session.inputMetadata.map(toDeclared),
    outputs: session.outputMetadata.map(toDeclared),
    run: async (row) => outputRow(await session.run(feeds(row, inputs))),
    release: () => session.release(),
  }
}

function toDeclared(value: InferenceSession.ValueMetadata): DeclaredValue {
  const { name } = value
  return value.isTensor ? { name, type: value.type, shape: value.shape } : { name, type: 'other', shape: [] }
}

async function boot(): Promise<void> {
  const sentinel = new ArrayBuffer(1)
  const instantiate = WebAssembly.instantiate
  env.wasm.numThreads = 1
  env.wasm.proxy = false
  env.wasm.wasmBinary = sentinel
  const answerSentinel = async (source: unknown, imports?: WebAssembly.Imports) => {
    const bytes = ArrayBuffer.isView(source) ? source.buffer : source
    if (bytes !== sentinel) return instantiate(source as WebAssembly.Module, imports)
    return { module: runtimeModule, instance: await instantiate(runtimeModule, imports) }
  }
  // workerd's types know the form from a module alone.
  WebAssembly.instantiate = answerSentinel as typeof instantiate
  try {
    const model = Uint8Array.from(atob(IDENTITY_MODEL), (character) => character.charCodeAt(0))
    await (await InferenceSession.create(model)).release()
  } finally {
    WebAssembly.instantiate = instantiate
  }
}

function feeds(
  row: Readonly<Record<string, Float32Array | Int32Array>>,
  inputs: readonly InputSpec[],
): Record<string, Tensor> {
  return Object.fromEntries(
    inputs.map(({ name, type, shape }) => {
      const values = row[name]
      if (values === undefined) throw new Error(`Input '${name}' is missing`)
      return [name, new Tensor(type, values, [1, ...shape])]
    }),
  )
}

function outputRow(outputs: InferenceSession.ReturnType): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => {
      if (tensor.type !== 'float32') throw new Error(`Output '${name}' is ${tensor.type}, expected float32`)
      return [name, tensor.data as Float32Array]
    }),
  )
}
