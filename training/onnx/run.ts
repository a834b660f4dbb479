// Runs a model in ONNX Runtime for Node, the reference that every other runtime is compared with.
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { InputSpec } from '../../features/manifest.ts'

export interface Runner {
  /** Outputs by name, row-major [rows, width]. Inputs are row-major [rows, ...shape]. */
  run(
    inputs: Readonly<Record<string, Float32Array | Int32Array>>,
    rows: number,
  ): Promise<Record<string, Float32Array>>
  release(): Promise<void>
}

/** Loads a model whose inputs are these. One thread, so that the same input gives the same bits. */
export async function createRunner(model: Uint8Array, specs: readonly InputSpec[]): Promise<Runner> {
  const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 })
  return {
    async run(inputs, rows) {
      const feeds = Object.fromEntries(
        specs.map(({ name, type, shape }) => {
          const values = inputs[name]
          if (values === undefined) throw new Error(`Input '${name}' is absent`)
          return [name, new Tensor(type, values as Float32Array, [rows, ...shape])]
        }),
      )
      const results = await session.run(feeds)
      return Object.fromEntries(
        Object.entries(results).map(([name, tensor]) => [name, tensor.data as Float32Array]),
      )
    },
    release: () => session.release(),
  }
}
