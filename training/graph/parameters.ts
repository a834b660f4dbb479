// The trained numbers of a model, by name, apart from TensorFlow.js and ONNX: what is kept, restored and written.
import { createRandom } from '../../features/random.ts'
import type { ParameterSpec } from './ops.ts'

export interface ParameterValue {
  readonly shape: readonly number[]
  readonly values: Float32Array<ArrayBuffer>
}

export type ParameterValues = ReadonlyMap<string, ParameterValue>

/** Starting values, which depend on the seed and the name alone, not on the order of asking. */
export function initialValues(
  { shape, initial }: ParameterSpec,
  { name, seed }: { readonly name: string; readonly seed: number },
): Float32Array<ArrayBuffer> {
  const size = shape.reduce((product, length) => product * length, 1)
  switch (initial.kind) {
    case 'zeros':
      return new Float32Array(size)
    case 'ones':
      return new Float32Array(size).fill(1)
    case 'values':
      if (initial.values.length !== size) {
        throw new Error(`Parameter '${name}': expected ${size} values, got ${initial.values.length}`)
      }
      return Float32Array.from(initial.values)
    case 'signs': {
      const random = createRandom(seed).fork(name)
      return Float32Array.from({ length: size }, () => (random.next() < 0.5 ? -1 : 1))
    }
    case 'normal': {
      const random = createRandom(seed).fork(name)
      return Float32Array.from({ length: size }, () => initial.deviation * random.normal())
    }
  }
}

/** How many numbers the parameters hold together. */
export function parameterCount(parameters: ParameterValues): number {
  return [...parameters.values()].reduce((count, { values }) => count + values.length, 0)
}
