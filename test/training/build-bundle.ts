// Parts of bundles for the tests, made up.
import { headWidth } from '../../features/heads/kinds.ts'
import { nextEvent, occurs, total } from '../../features/project.ts'
import type { BundleParts } from '../../training/bundle.ts'
import type { Card } from '../../training/card.ts'
import { NO_FILES } from '../../training/data/report/report.ts'
import type { Outputs } from '../../training/models/family.ts'
import type { ModelShape } from '../../training/models/family.ts'
import { buildFeatures } from '../features/generated.ts'
import { randomInputs } from './models/build-model.ts'

export const ROWS = 3
const week = { withinDays: 7 }
const plain = { basis: 'model', temperature: 1 } as const
const shape: ModelShape = {
  features: buildFeatures(),
  heads: [
    {
      ...plain,
      kind: 'probability',
      task: 'buys',
      declaration: occurs('purchase', week),
      classes: ['no', 'yes'],
      prior: [0.97, 0.03],
      newcomerPrior: [0.99, 0.01],
      bias: [0, -1.6],
    },
    {
      ...plain,
      kind: 'choice',
      task: 'next',
      declaration: nextEvent(week),
      classes: ['view', 'cart', 'purchase'],
      prior: [0.25, 0.5, 0.25],
      newcomerPrior: [0.5, 0.25, 0.25],
      bias: [0, 0, 0],
    },
    {
      kind: 'amount',
      task: 'spend',
      declaration: total('purchase', week),
      basis: 'model',
      prior: [12],
      newcomerPrior: [3],
      link: 'softplus',
      scale: 12,
      factor: 1,
    },
  ],
}

export const manifestParts: BundleParts['manifest'] = { project: 'small-shop', family: 'pooled', ...shape }

export function buildCard(overrides: Partial<Card> = {}): Card {
  const part = { examples: ROWS }
  return {
    project: 'small-shop',
    family: 'pooled',
    seed: 1,
    backend: 'wasm',
    settings: { batchSize: 256 },
    data: { events: 9, users: 3, labelledRows: 0, skippedRows: 0, report: NO_FILES, notes: [] },
    undated: ['user.plan'],
    rehearsal: {
      split: 'by time',
      parts: { train: part, validation: part, test: part },
      outlying: { count: 0, examples: [] },
      stoppedAt: { epochs: {} },
      steps: 2,
      skill: {},
      shortages: [],
      tasks: {},
    },
    deployed: {
      untilMs: 1_700_000_000_000,
      examples: 3 * ROWS,
      finalFit: true,
      parameters: 4,
      steps: 3,
      parity: { difference: 0, examples: ROWS },
    },
    versions: {},
    ...overrides,
  }
}

/** Logits of every head, all rows; with one of them replaced. */
export function buildOutputs(replaced: { task?: string; place?: number; value?: number } = {}): Outputs {
  return Object.fromEntries(
    shape.heads.map((head) => {
      const logits = Float32Array.from({ length: ROWS * headWidth(head) }, (_, place) => Math.sin(place))
      if (head.task === replaced.task) logits[replaced.place ?? 0] = replaced.value ?? 0
      return [head.task, logits]
    }),
  )
}

export function buildGolden(replaced: Parameters<typeof buildOutputs>[0] = {}): BundleParts['golden'] {
  const examples = {
    count: ROWS,
    inputs: randomInputs(shape, ROWS),
    targets: {},
    userIds: ['a', 'b', 'c'],
    atMs: new Float64Array(ROWS),
    isFirst: new Uint8Array(ROWS),
    from: ['event', 'event', 'event'] as const,
  }
  return { examples, outputs: buildOutputs(replaced) }
}
