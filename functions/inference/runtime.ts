// ONNX Runtime inside the Worker: the only file that imports onnxruntime-web.
// workerd compiles no WebAssembly from bytes, and ONNX Runtime accepts only bytes. So it is given a
// sentinel, and while it boots WebAssembly.instantiate answers the sentinel with the imported module.
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm'
import runtimeModule from 'onnxruntime-web/ort-wasm-simd-threaded.wasm'
import type { Encoded } from '../../features/encode.ts'
import type { InputSpec } from '../../features/manifest.ts'
import { rowOf, stackRows } from '../../features/rows.ts'

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
  /**
   * The outputs of one row, or of so many, by name, row-major; the inputs by name, row-major as the specs say. A
   * model that takes one row at a time is asked so.
   */
  run(inputs: Encoded, rows?: number): Promise<Record<string, Float32Array>>
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
    run: takesMany(session)
      ? (row, rows = 1) => runRows(row, rows)
      : (row, rows = 1) => runOneByOne(row, rows),
    release: () => session.release(),
  }

  async function runRows(values: Encoded, rows: number): Promise<Record<string, Float32Array>> {
    return outputRows(await session.run(feeds(values, { inputs, rows })))
  }

  async function runOneByOne(values: Encoded, rows: number): Promise<Record<string, Float32Array>> {
    const answered: Encoded[] = []
    for (let row = 0; row < rows; row += 1) answered.push(await runRows(rowOf(values, { row, rows }), 1))
    return stackRows(answered) as Record<string, Float32Array>
  }
}

/** Whether the model leaves open how many rows it takes in one run. */
function takesMany({ inputMetadata }: InferenceSession): boolean {
  return inputMetadata.every((value) => !value.isTensor || typeof value.shape[0] === 'string')
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
  given: Encoded,
  { inputs, rows }: { readonly inputs: readonly InputSpec[]; readonly rows: number },
): Record<string, Tensor> {
  return Object.fromEntries(
    inputs.map(({ name, type, shape }) => {
      const values = given[name]
      if (values === undefined) throw new Error(`Input '${name}' is missing`)
      return [name, new Tensor(type, values, [rows, ...shape])]
    }),
  )
}

function outputRows(outputs: InferenceSession.ReturnType): Record<string, Float32Array> {
  return Object.fromEntries(
    Object.entries(outputs).map(([name, tensor]) => {
      if (tensor.type !== 'float32') throw new Error(`Output '${name}' is ${tensor.type}, expected float32`)
      return [name, tensor.data as Float32Array]
    }),
  )
}
