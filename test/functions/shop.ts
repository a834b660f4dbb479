// A project and a manifest for tests of the service.
import { inputSpecs } from '../../features/encode.ts'
import { FEATURE_VERSION } from '../../features/manifest.ts'
import type { Features, Head, Manifest } from '../../features/manifest.ts'
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

export const shop = defineProject({
  name: 'test-shop',
  events: { view: { item: true }, cart: { item: true }, purchase: { item: true, value: true }, search: {} },
  user: { plan: category(), age: number() },
  item: { department: category(), price: number(), title: text() },
  context: { device: category() },
  tasks: {
    buysWithin7Days: occurs('purchase', { withinDays: 7 }),
    leavesWithin30Days: absent({ withinDays: 30 }),
    nextAction: nextEvent(),
    spend28Days: total('purchase', { withinDays: 28 }),
  },
})

const eventTypes = Object.keys(shop.events)
const windows = { eventTypes, valueTypes: ['purchase'], windowsMs: [DAY_MS, 7 * DAY_MS] }

const features: Features = {
  ...windows,
  historyLengthMax: 100,
  sequenceLength: 8,
  items: ['i-1', 'i-2'],
  itemCategories: [{ name: 'department', origin: 'item', values: ['shoes', 'hats'] }],
  historyNumbers: historyNumberNames(windows).map((name) => ({ name, mean: 0.5, deviation: 2 })),
  attributeNumbers: [{ name: 'age', origin: 'user', mean: 40, deviation: 12, boundaries: [20, 40, 60] }],
  categories: [
    { name: 'plan', origin: 'user', values: ['free', 'pro'] },
    { name: 'device', origin: 'context', values: ['phone', 'desktop'] },
  ],
  texts: [],
}

const head = { temperature: 1.2, scale: 1 }
const heads: Head[] = [
  {
    ...head,
    task: 'buysWithin7Days',
    kind: 'occurs',
    classes: ['no', 'yes'],
    prior: [0.9, 0.1],
    bias: [0, 0.1],
  },
  {
    ...head,
    task: 'leavesWithin30Days',
    kind: 'absent',
    classes: ['no', 'yes'],
    prior: [0.7, 0.3],
    bias: [0, 0],
  },
  {
    ...head,
    task: 'nextAction',
    kind: 'nextEvent',
    classes: eventTypes,
    prior: [0.5, 0.2, 0.1, 0.2],
    bias: [0, 0, 0, 0],
  },
  { ...head, task: 'spend28Days', kind: 'total', classes: [], prior: [12.5], bias: [0], scale: 30 },
]

/** A manifest of the test project; changed features change the inputs with them. */
export function shopManifest(
  overrides: { readonly features?: Partial<Features>; readonly project?: string } = {},
): Manifest {
  const changed = { ...features, ...overrides.features }
  return {
    featureVersion: FEATURE_VERSION,
    project: overrides.project ?? shop.name,
    family: 'tiny',
    features: changed,
    inputs: inputSpecs(changed),
    heads,
  }
}
