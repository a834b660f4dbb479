import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { occurs } from '../../../features/project.ts'
import { createRandom } from '../../../features/random.ts'
import { gapId } from '../../../features/sequence.ts'
import type { ExampleSet } from '../../../training/examples/example-set.ts'
import type { FitRequest, Fitted, ModelShape } from '../../../training/models/family.ts'
import { transformer } from '../../../training/models/transformer.ts'
import { startBackend } from '../../../training/tf/backend.ts'
import { historyFeatures } from '../models/history-features.ts'

const T = 8

const shape: ModelShape = {
  features: historyFeatures(T),
  heads: [
    {
      kind: 'probability',
      task: 'buys',
      declaration: occurs('purchase', { withinDays: 7 }),
      basis: 'model',
      classes: ['no', 'yes'],
      prior: [0.5, 0.5],
      newcomerPrior: [0.5, 0.5],
      temperature: 1,
      bias: [0, 0],
    },
  ],
}

/** Types come in turn: view, cart, purchase; the label is whether the next one is a purchase. */
function examplesOf(count: number, { seed }: { readonly seed: number }): ExampleSet {
  const random = createRandom(seed)
  const types = new Int32Array(count * T)
  const gaps = new Int32Array(count * T)
  const buys = new Float32Array(count)
  for (let row = 0; row < count; row += 1) {
    let type = random.integer(3)
    for (let place = 0; place < T; place += 1) {
      const isLong = random.next() < 0.5
      types[row * T + place] = 2 + type
      gaps[row * T + place] = gapId(isLong ? 3_600_000 : 60_000)
      type = (type + 1) % 3
    }
    buys[row] = Number(type === 2)
  }
  return {
    count,
    inputs: { types, gaps },
    targets: { buys },
    userIds: Array.from({ length: count }, (_, row) => `user-${row}`),
    atMs: new Float64Array(count),
    isFirst: new Uint8Array(count),
    from: Array.from({ length: count }, () => 'event' as const),
  }
}

const settings = {
  streamWidth: 16,
  feedForwardWidth: 16,
  hiddenWidth: 16,
  blocks: 1,
  categoryWidth: 4,
  stepsMax: 20,
  patienceSteps: 20,
  startEpochsMax: 2,
}
const histories: ExampleSet = { ...examplesOf(600, { seed: 5 }), targets: {} }

async function fit(request: Partial<FitRequest> = {}): Promise<{ fitted: Fitted; said: string[] }> {
  const said: string[] = []
  const fitted = await transformer.fit({
    shape,
    train: examplesOf(40, { seed: 1 }),
    histories,
    seed: 1,
    settings,
    backend: 'wasm',
    monitor: {
      say: (line) => void said.push(line),
      track: () => ({ advance: () => {}, done: () => {} }),
    },
    ...request,
  })
  return { fitted, said }
}

const validation = examplesOf(100, { seed: 2 })

describe('a self-supervised start', () => {
  it('is taken where validation likes it, the same each time, and by the final fit as it was', async () => {
    const first = await fit({ validation })
    const again = await fit({ validation })
    const { startEpochs = 0 } = first.fitted.stoppedAt
    expect(first.said.at(-1)).toMatch(/^on validation with the start .*, without .*: it is taken$/)
    expect(startEpochs).toBeGreaterThan(0)
    expect(again.fitted.export()).toEqual(first.fitted.export())
    const final = await fit({ stopAt: first.fitted.stoppedAt })
    expect(final.fitted.stoppedAt).toEqual(first.fitted.stoppedAt)
    const { startEpochs: _none, ...plain } = first.fitted.stoppedAt
    const without = await fit({ stopAt: plain })
    expect(final.fitted.export()).not.toEqual(without.fitted.export())
  })

  it('leaves nothing behind where validation does not like it', async () => {
    // Where all comes otherwise, who has learned the most errs the most.
    const { buys } = validation.targets
    const otherwise = { ...validation, targets: { buys: Float32Array.from(buys ?? [], (one) => 1 - one) } }
    const { fitted, said } = await fit({ validation: otherwise })
    const plain = await fit({ validation: otherwise, settings: { ...settings, startEpochsMax: 0 } })
    expect(said.at(-1)).toMatch(/it is not taken$/)
    expect(fitted.stoppedAt.startEpochs).toBeUndefined()
    expect(fitted.export()).toEqual(plain.fitted.export())
  })

  it('leaves no tensor behind', async () => {
    await startBackend('wasm')
    const before = tf.memory().numTensors
    const { said } = await fit({ validation, settings: { ...settings, stepsMax: 1 } })
    expect(said.at(-1)).toMatch(/^on validation with the start/)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('is none where histories tell nothing', async () => {
    const none = { ...histories, count: 0, inputs: { types: new Int32Array(0), gaps: new Int32Array(0) } }
    const { said } = await fit({ validation, histories: none, settings: { ...settings, stepsMax: 1 } })
    expect(said.filter((line) => line.includes('start'))).toEqual([])
  })
})
