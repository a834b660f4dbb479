import { beforeAll, describe, expect, it } from 'vitest'
import { label } from '../../../features/project.ts'
import { createRandom } from '../../../features/random.ts'
import type { Random } from '../../../features/random.ts'
import { gapId } from '../../../features/sequence.ts'
import type { ExampleSet } from '../../../training/examples/example-set.ts'
import { meanLoss } from '../../../training/graph/loss.ts'
import { transformer } from '../../../training/models/transformer.ts'
import { startBackend } from '../../../training/tf/backend.ts'
import { historyFeatures } from './history-features.ts'
import type { ModelShape } from '../../../training/models/family.ts'

const T = 8
/** The shortest gap. */
const SECONDS = 1.5
/** What is asked: the type of the event that is at least this old, and less than twice as old. */
const AGE_SECONDS = 4_096

const shape: ModelShape = {
  features: historyFeatures(T),
  heads: [
    {
      kind: 'choice',
      task: 'kind',
      declaration: label(['view', 'cart', 'purchase']),
      basis: 'model',
      classes: ['view', 'cart', 'purchase'],
      prior: [1 / 3, 1 / 3, 1 / 3],
      newcomerPrior: [1 / 3, 1 / 3, 1 / 3],
      temperature: 1,
      bias: [0, 0, 0],
    },
  ],
}

/** Gaps whose sum alone says how old an event is: that of one event lies in the band asked for. */
function drawGaps(random: Random): { readonly powers: readonly number[]; readonly asked: number } {
  for (;;) {
    const powers = Array.from({ length: T }, () => 4 + random.integer(9))
    const ages = powers.map((_, place) =>
      powers.slice(place).reduce((sum, power) => sum + SECONDS * 2 ** power, 0),
    )
    const inBand = [...ages.keys()].filter((place) => {
      const age = ages[place] ?? 0
      return age >= AGE_SECONDS && age < 2 * AGE_SECONDS
    })
    const [asked] = inBand
    if (asked !== undefined && inBand.length === 1) return { powers, asked }
  }
}

function examplesOf(count: number, seed: number): ExampleSet {
  const random = createRandom(seed)
  const types = Int32Array.from({ length: count * T }, () => 2 + random.integer(3))
  const gaps = new Int32Array(count * T)
  const kind = new Float32Array(count)
  for (let row = 0; row < count; row += 1) {
    const { powers, asked } = drawGaps(random)
    gaps.set(
      powers.map((power) => gapId(SECONDS * 1_000 * 2 ** power)),
      row * T,
    )
    kind[row] = (types[row * T + asked] ?? 0) - 2
  }
  return {
    count,
    inputs: { types, gaps },
    targets: { kind },
    userIds: Array.from({ length: count }, (_, row) => `user-${row}`),
    atMs: new Float64Array(count),
    isFirst: new Uint8Array(count),
    from: Array.from({ length: count }, () => 'event' as const),
  }
}

/** Of a small transformer after some steps: the loss on other examples over the prior's. */
async function lossWith(settings: { readonly timeBias: boolean }): Promise<number> {
  const fitted = await transformer.fit({
    shape,
    train: examplesOf(2_000, 1),
    stopAt: { epochs: { kind: 5 } },
    seed: 1,
    settings: {
      streamWidth: 16,
      feedForwardWidth: 16,
      hiddenWidth: 16,
      blocks: 1,
      dropout: 0,
      learningRate: 0.04,
      batchSize: 64,
      ...settings,
    },
    backend: 'wasm',
  })
  const others = examplesOf(500, 2)
  const output = (await fitted.logits(others))['kind'] ?? new Float32Array(0)
  const [head] = shape.heads
  const targets = others.targets['kind']
  if (head === undefined || targets === undefined) throw new Error('There is no head')
  return (meanLoss(head, { output, targets }) ?? Number.NaN) / Math.log(3)
}

beforeAll(async () => {
  await startBackend('wasm')
})

describe('attention by time', () => {
  it('sees which event lay how long ago, where the order of events does not tell', async () => {
    const [byTime, byOrder] = [await lossWith({ timeBias: true }), await lossWith({ timeBias: false })]
    expect(byTime).toBeLessThan(0.5)
    expect(byOrder).toBeGreaterThan(0.8)
  })
})
