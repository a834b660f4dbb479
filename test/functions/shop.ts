// A project and a manifest for tests of the service.
import { inputSpecs } from '../../features/encode.ts'
import type { Head } from '../../features/heads/head.ts'
import { FEATURE_VERSION } from '../../features/manifest.ts'
import type { BundleFile, Features, Manifest } from '../../features/manifest.ts'
import {
  absent,
  category,
  DAY_MS,
  defineProject,
  nextEvent,
  number,
  occurs,
  text,
  total,
} from '../../features/project.ts'
import { historyNumberNames } from '../../features/windows.ts'
import type { WindowSpec } from '../../features/windows.ts'

export const shop = defineProject({
  name: 'test-shop',
  events: { view: { item: true }, cart: { item: true }, purchase: { item: true, value: true }, search: {} },
  user: { plan: category(), age: number() },
  item: { department: category(), price: number(), title: text() },
  context: { device: category() },
  tasks: {
    buysWithin7Days: occurs('purchase', { withinDays: 7 }),
    leavesWithin30Days: absent({ withinDays: 30 }),
    nextAction: nextEvent({ withinDays: 30 }),
    spend28Days: total('purchase', { withinDays: 28 }),
  },
})

const eventTypes = Object.keys(shop.events)
const windows: WindowSpec = {
  eventTypes,
  valueTypes: ['purchase'],
  windowsMs: [DAY_MS, 7 * DAY_MS],
  counted: ['moments', 'days', 'lines'],
}

const features: Features = {
  ...windows,
  sequenceLength: 8,
  items: ['i-1', 'i-2'],
  itemCategories: [{ name: 'department', origin: 'item', values: ['shoes', 'hats'] }],
  historyNumbers: historyNumberNames(windows).map((name) => ({ name, mean: 0.5, deviation: 2 })),
  attributeNumbers: [
    { name: 'age', origin: 'user', mean: 40, deviation: 12, boundaries: [20, 40, 60] },
    { name: 'price', origin: 'item', mean: 20, deviation: 10, boundaries: [] },
  ],
  categories: [
    { name: 'plan', origin: 'user', values: ['free', 'pro'] },
    { name: 'device', origin: 'context', values: ['phone', 'desktop'] },
  ],
  texts: [],
  vectors: [],
}

const { tasks } = shop
const head = { basis: 'model' as const, temperature: 1.2 }
export const shopHeads: readonly Head[] = [
  {
    ...head,
    task: 'buysWithin7Days',
    declaration: tasks.buysWithin7Days,
    kind: 'probability',
    classes: ['no', 'yes'],
    prior: [0.9, 0.1],
    newcomerPrior: [0.95, 0.05],
    bias: [0, 0.1],
  },
  {
    ...head,
    task: 'leavesWithin30Days',
    declaration: tasks.leavesWithin30Days,
    kind: 'probability',
    classes: ['no', 'yes'],
    prior: [0.7, 0.3],
    newcomerPrior: [0.4, 0.6],
    bias: [0, 0],
  },
  {
    ...head,
    task: 'nextAction',
    declaration: tasks.nextAction,
    kind: 'choice',
    classes: eventTypes,
    prior: [0.5, 0.2, 0.1, 0.2],
    newcomerPrior: [0.7, 0.1, 0.1, 0.1],
    bias: [0, 0, 0, 0],
  },
  {
    task: 'spend28Days',
    declaration: tasks.spend28Days,
    kind: 'amount',
    basis: 'model',
    prior: [12.5],
    newcomerPrior: [3.5],
    link: 'softplus',
    scale: 30,
    factor: 1.1,
  },
]

/** As such a bundle is read: it counts lines. Its file does not say so. */
export function manifestOfVersion2(): Manifest {
  const counted = ['lines'] as const
  const named = historyNumberNames({ ...windows, counted })
  const historyNumbers = named.map((name) => ({ name, mean: 0.5, deviation: 2 }))
  return shopManifest({ features: { counted, historyNumbers } })
}

/** A manifest of the test project without its files; changed features change the inputs with them. */
export function shopManifest(
  overrides: {
    readonly features?: Partial<Features>
    readonly project?: string
    readonly heads?: readonly Head[]
    readonly files?: readonly BundleFile[]
  } = {},
): Manifest {
  const changed = { ...features, ...overrides.features }
  return {
    featureVersion: FEATURE_VERSION,
    project: overrides.project ?? shop.name,
    family: 'tiny',
    features: changed,
    inputs: inputSpecs(changed),
    heads: overrides.heads ?? shopHeads,
    files: overrides.files ?? [],
  }
}
