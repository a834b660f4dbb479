import { describe, expect, it } from 'vitest'
import type { ProbabilityHead } from '../../features/heads/head.ts'
import { occurs } from '../../features/project.ts'
import { supportCells } from '../../features/support.ts'
import type { ExampleSet } from '../../training/examples/example-set.ts'
import { withSupport } from '../../training/support.ts'
import { buildFeatures } from '../features/generated.ts'

const features = buildFeatures()
const head: ProbabilityHead = {
  task: 'buys',
  declaration: occurs('purchase', { withinDays: 7 }),
  kind: 'probability',
  basis: 'model',
  classes: ['no', 'yes'],
  prior: [0.9, 0.1],
  newcomerPrior: [0.9, 0.1],
  temperature: 1,
  bias: [0, 0],
}

/** Examples with so many events each. */
function examplesOf(lengths: readonly number[], targets: readonly number[]): ExampleSet {
  const types = lengths.flatMap((length) =>
    Array.from({ length: features.sequenceLength }, (_, place) =>
      place < features.sequenceLength - length ? 0 : 2,
    ),
  )
  return {
    count: lengths.length,
    inputs: { types: Int32Array.from(types) },
    targets: { buys: Float32Array.from(targets) },
    userIds: lengths.map((_, row) => `u${row}`),
    atMs: new Float64Array(lengths.length),
    isFirst: new Uint8Array(lengths.length),
    from: lengths.map(() => 'event' as const),
  }
}

describe('withSupport', () => {
  it('counts by how much was known the examples whose answer is known', () => {
    const learned = examplesOf([0, 1, 1, 3, 4, 8, 8], [0, 1, 0, 1, Number.NaN, 0, Number.NaN])
    const [counted] = withSupport([head], { features, learned })
    expect(counted?.support).toEqual([1, 2, 0, 1, 1])
    expect(counted?.support?.length).toBe(supportCells(features).count)
  })
})
