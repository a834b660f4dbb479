// A manifest of version 2, as bundles that are deployed carry it, and the hash of what code of that version
// encoded by it: a Worker that has moved on must give a model the very inputs that it was trained on.
import { undated } from '../../features/attributes.ts'
import type { Encoder } from '../../features/encode.ts'
import { sha256Hex } from '../../features/hash.ts'
import { createRandom } from '../../features/random.ts'
import { NOW_MS, buildEvent, buildRequest } from './generated.ts'

const HOUR_MS = 3_600_000
const types = ['view', 'cart', 'purchase']
const groups = ['any', ...types]
const windows = ['1d', '7d', '28d']

const numberNames = [
  ...['count', 'rate'].flatMap((what) =>
    groups.flatMap((group) => [...windows, 'all'].map((window) => `${what}:${group}:${window}`)),
  ),
  ...groups.map((group) => `recency:${group}`),
  ...[...windows, 'all'].map((window) => `sum:purchase:${window}`),
  ...groups.flatMap((group) => windows.map((window) => `last:${group}:${window}`)),
  'age',
  'hour:sin',
  'hour:cos',
  'weekday:sin',
  'weekday:cos',
]

/** manifest.json of a small shop; it says nothing of what is counted, for events were. */
export const version2Text = JSON.stringify({
  featureVersion: 2,
  project: 'shop',
  family: 'softmax',
  features: {
    sequenceLength: 12,
    eventTypes: types,
    valueTypes: ['purchase'],
    windowsMs: [24 * HOUR_MS, 7 * 24 * HOUR_MS, 28 * 24 * HOUR_MS],
    items: ['shoe', 'hat', 'sock'],
    itemCategories: [{ name: 'department', origin: 'item', values: ['feet', 'head'] }],
    historyNumbers: numberNames.map((name, index) => ({
      name,
      mean: 0.1 * (index % 17),
      deviation: 1 + 0.05 * (index % 13),
    })),
    attributeNumbers: [{ name: 'age', origin: 'user', mean: 40, deviation: 12, boundaries: [18, 30, 90] }],
    categories: [
      { name: 'plan', origin: 'user', values: ['free', 'paid'] },
      { name: 'recent1', origin: 'recent', values: types },
      { name: 'recent2', origin: 'recent', values: types },
      { name: 'recent3', origin: 'recent', values: types },
    ],
    texts: [],
  },
  inputs: [
    { name: 'types', type: 'int32', shape: [12] },
    { name: 'items', type: 'int32', shape: [12] },
    { name: 'gaps', type: 'int32', shape: [12] },
    { name: 'itemCategories', type: 'int32', shape: [12, 1] },
    { name: 'numbers', type: 'float32', shape: [numberNames.length + 4] },
    { name: 'categories', type: 'int32', shape: [4] },
  ],
  heads: [
    {
      task: 'buys',
      declaration: { kind: 'occurs', type: 'purchase', horizonMs: 7 * 24 * HOUR_MS },
      kind: 'probability',
      basis: 'model',
      classes: ['no', 'yes'],
      prior: [0.9, 0.1],
      newcomerPrior: [0.95, 0.05],
      temperature: 1,
      bias: [0, 0],
    },
  ],
  files: (['model', 'card', 'golden'] as const).map((kind) => ({
    name: kind === 'model' ? 'model.onnx' : `${kind}.json`,
    kind,
    bytes: 10,
    sha256: 'a'.repeat(64),
  })),
})

/** The hash of the bytes that this encoder makes of 400 histories, of which most have moments of many lines. */
export async function hashOfBaskets(encode: Encoder): Promise<string> {
  const random = createRandom(22)
  const hashes: string[] = []
  for (let row = 0; row < 400; row += 1) {
    const history = Array.from({ length: random.integer(300) }, (_, place) =>
      buildEvent({
        id: `e${place}`,
        place,
        type: types[random.integer(4)] ?? 'never-declared',
        // Whole hours: many lines of one moment, and edges of windows that are met.
        occurredAt: NOW_MS - HOUR_MS * Math.floor(random.exponential(1 / 200)),
        value: random.normal() * 100,
        ...(random.next() < 0.5 ? { itemId: ['shoe', 'hat', '?'][random.integer(3)] ?? '' } : {}),
      }),
    )
    const encoded = encode(buildRequest({ history, user: undated({ age: 20 + row, plan: 'paid' }) }))
    for (const [name, values] of Object.entries(encoded)) {
      const bytes = new Uint8Array(values.byteLength)
      bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
      hashes.push(name, await sha256Hex(bytes))
    }
  }
  return sha256Hex(hashes.join(' '))
}
