import { describe, expect, it } from 'vitest'
import { createLearner } from '../../../training/fit/learner.ts'
import type { ExampleSet } from '../../../training/examples/example-set.ts'
import { gradientFamilies } from '../../../training/models/families.ts'
import type { ModelShape } from '../../../training/models/family.ts'
import { startBackend } from '../../../training/tf/backend.ts'
import type { BackendName } from '../../../training/tf/backend.ts'
import { randomInputs, randomTargets, shapes } from '../models/build-model.ts'

const shape = shapes['log'] as ModelShape

function batchOf(count: number): ExampleSet {
  return {
    count,
    inputs: randomInputs(shape, count),
    targets: randomTargets(shape, count),
    userIds: Array.from({ length: count }, (_, row) => `user-${row}`),
    atMs: new Float64Array(count),
    isFirst: new Uint8Array(count),
    from: Array.from({ length: count }, () => 'event' as const),
  }
}

describe.each(gradientFamilies.map((family) => [family.name, family] as const))(
  'a learner of %s',
  (name, family) => {
    /** The loss before each of some steps on one batch. */
    async function losses(backend: BackendName): Promise<number[]> {
      await startBackend(backend)
      const train = batchOf(name === 'transformer' ? 12 : 128)
      const learner = createLearner({ ...family.modelWith(), shape, train, seed: 2 })
      const taken = Array.from({ length: 20 }, () => learner.takeStep(train))
      learner.dispose()
      return taken
    }

    it('starts near the loss of the prior, which is 1, and makes it smaller', async () => {
      const taken = await losses('wasm')
      // The targets are random: their prior is not that of the heads.
      expect(taken.every(Number.isFinite)).toBe(true)
      expect(taken[0]).toBeCloseTo(1, 0)
      expect(taken.at(-1)).toBeLessThan(taken[0] ?? 0)
    })

    it('learns alike in native TensorFlow and in WebAssembly, step by step', async (test) => {
      const failure = await startBackend('native').then(
        () => undefined,
        (error: unknown) => String(error),
      )
      test.skip(failure !== undefined, failure)
      const [inWasm, inNative] = [await losses('wasm'), await losses('native')]
      for (const [step, loss] of inWasm.entries()) {
        // Both compute in float32, 6e-8 a rounding, but sum in other orders; what a step adds to the
        // difference stays below ten roundings, and is carried along by the steps that follow.
        const tolerance = 6e-7 * (1 + step)
        expect(Math.abs((inNative[step] ?? Number.NaN) - loss) / loss).toBeLessThan(tolerance)
      }
    })
  },
)
