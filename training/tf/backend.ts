// The one place that chooses where TensorFlow.js computes: in its native library, or in WebAssembly with
// the kernels it lacks, whichever is the faster and loads.
import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import util from 'node:util'
import * as tf from '@tensorflow/tfjs'
import { setThreadsCount, setWasmPaths } from '@tensorflow/tfjs-backend-wasm'
import { registerMissingKernels } from './wasm-kernels.ts'

/** Named apart, for the compiler must not look for a package that may be absent. */
const NATIVE_PACKAGE: string = '@tensorflow/tfjs-node'

export type BackendName = 'native' | 'wasm'

export interface Backend {
  readonly name: BackendName
  /** For the log: which, and why. */
  readonly description: string
}

/**
 * Makes a backend the current one: the one that is asked for, else the faster one for what is to be
 * computed where that loads. Throws when the one asked for is not there.
 */
export async function startBackend(asked?: BackendName, faster: BackendName = 'native'): Promise<Backend> {
  tf.enableProdMode()
  const wanted = asked ?? faster
  const reason = asked === undefined ? 'the faster here' : 'as asked'
  if (wanted === 'wasm') {
    await startWasm()
    return { name: 'wasm', description: `WebAssembly (${reason})` }
  }
  const failure = await startNative()
  if (failure === undefined) return { name: 'native', description: `native TensorFlow (${reason})` }
  if (asked === 'native') {
    throw new Error(`Native TensorFlow does not load (${failure}); 'npm run native' builds it`)
  }
  await startWasm()
  const instead = "native TensorFlow does not load; 'npm run native' builds it"
  return { name: 'wasm', description: `WebAssembly (${instead})` }
}

/** The reason why it does not load, or nothing. */
async function startNative(): Promise<string | undefined> {
  try {
    // TensorFlow's own log says which instructions it was compiled for; only its errors matter here.
    process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2'
    // tfjs-node calls one function that Node has since removed, and one that Node warns of.
    const isNullOrUndefined = (value: unknown): boolean => value === null || value === undefined
    Object.assign(util, { isNullOrUndefined, isArray: Array.isArray })
    await import(NATIVE_PACKAGE)
    await tf.setBackend('tensorflow')
    return undefined
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
  }
}

async function startWasm(): Promise<void> {
  const entry = createRequire(import.meta.url).resolve('@tensorflow/tfjs-backend-wasm')
  setWasmPaths(dirname(entry) + sep)
  setThreadsCount(1)
  registerMissingKernels()
  if (!(await tf.setBackend('wasm'))) throw new Error('The WebAssembly backend does not start')
}
