// Generated histories, profiles and features for the property tests, and builders for the others.
import * as fc from 'fast-check'
import { undated } from '../../features/attributes.ts'
import type { Attributes, Versions } from '../../features/attributes.ts'
import { createEncoder } from '../../features/encode.ts'
import type { EncodeRequest } from '../../features/encode.ts'
import type { Event } from '../../features/event.ts'
import { sha256Hex } from '../../features/hash.ts'
import type { Features } from '../../features/manifest.ts'
import { DAY_MS } from '../../features/project.ts'
import { createRandom } from '../../features/random.ts'
import { historyNumberNames } from '../../features/windows.ts'
import type { WindowSpec } from '../../features/windows.ts'

export const NOW_MS = 1_700_000_000_000

const eventTypes = ['view', 'cart', 'purchase']
const windowSpec: WindowSpec = {
  eventTypes,
  valueTypes: ['purchase'],
  windowsMs: [DAY_MS, 7 * DAY_MS, 28 * DAY_MS],
  counted: ['moments', 'days', 'lines'],
}

/** Features of a small shop, with every kind of attribute from every origin. */
export function buildFeatures(overrides: Partial<Features> = {}): Features {
  return {
    sequenceLength: 8,
    ...windowSpec,
    items: ['shoe', 'hat', 'sock'],
    itemCategories: [{ name: 'department', origin: 'item', values: ['feet', 'head'] }],
    historyNumbers: historyNumberNames(windowSpec).map((name, index) => ({
      name,
      mean: 0.1 * index,
      deviation: 1 + 0.05 * index,
    })),
    attributeNumbers: [
      { name: 'age', origin: 'user', mean: 40, deviation: 12, boundaries: [18, 30, 45, 90] },
      { name: 'price', origin: 'item', mean: 20, deviation: 5, boundaries: [] },
    ],
    categories: [
      { name: 'plan', origin: 'user', values: ['free', 'paid'] },
      { name: 'device', origin: 'context', values: ['phone'] },
      { name: 'recent1', origin: 'recent', values: eventTypes },
      { name: 'recent2', origin: 'recent', values: eventTypes },
    ],
    texts: [
      { name: 'about', origin: 'user', buckets: 32, wordsMax: 4 },
      { name: 'title', origin: 'item', buckets: 32, wordsMax: 3 },
    ],
    vectors: [],
    ...overrides,
  }
}

export function buildEvent(overrides: Partial<Event> = {}): Event {
  const occurredAt = overrides.occurredAt ?? NOW_MS - 60_000
  return { id: 'e1', type: 'view', userId: 'u1', occurredAt, receivedAt: occurredAt, ...overrides }
}

export function buildRequest(overrides: Partial<EncodeRequest> = {}): EncodeRequest {
  return { history: [], user: [], items: catalogue, atMs: NOW_MS, ...overrides }
}

export const catalogue: ReadonlyMap<string, Versions> = new Map([
  ['shoe', undated({ department: 'feet', price: 30, title: 'A red shoe' })],
  ['hat', undated({ department: 'head', price: 12.5, title: 'Ein schöner Hut' })],
  ['wig', undated({ department: 'wigs', price: null })],
])

/** Events around NOW_MS, before and after, some received late; types and items partly unknown. */
export const anyEvent: fc.Arbitrary<Event> = fc
  .record({
    id: fc.string({ minLength: 1, maxLength: 6, unit: 'grapheme' }),
    type: fc.constantFrom(...eventTypes, 'never-declared'),
    item: fc.option(fc.constantFrom('shoe', 'hat', 'wig', 'unheard-of'), { nil: undefined }),
    value: fc.option(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { nil: undefined }),
    device: fc.option(fc.constantFrom('phone', 'desk'), { nil: undefined }),
    // Few distinct seconds, so that ties are common.
    secondsAgo: fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -90_000, max: 9_000_000 })),
    delaySeconds: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 100_000 })),
    place: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
  })
  .map(({ id, type, item, value, device, secondsAgo, delaySeconds, place }) => {
    const occurredAt = NOW_MS - 1000 * secondsAgo
    return {
      id,
      type,
      userId: 'u1',
      ...(item === undefined ? {} : { itemId: item }),
      ...(value === undefined ? {} : { value }),
      ...(device === undefined ? {} : { properties: { device } }),
      occurredAt,
      receivedAt: occurredAt + 1000 * delaySeconds,
      ...(place === undefined ? {} : { place }),
    }
  })

/** Histories with distinct ids. */
export const anyHistory: fc.Arbitrary<Event[]> = fc.uniqueArray(anyEvent, {
  selector: (event) => event.id,
  maxLength: 80,
})

export const anyAttributes: fc.Arbitrary<Attributes> = fc.dictionary(
  fc.constantFrom('age', 'plan', 'about', 'undeclared'),
  fc.oneof(
    fc.constantFrom('free', 'paid', 'gold', '', null),
    fc.string({ unit: 'binary' }),
    fc.double(),
    fc.constant(null),
  ),
)

/** Versions around NOW_MS, of which some come later. */
export const anyVersions: fc.Arbitrary<Versions> = fc
  .uniqueArray(
    fc.record({
      knownAt: fc.oneof(fc.constant(0), fc.integer({ min: NOW_MS - 50, max: NOW_MS + 50 })),
      attributes: anyAttributes,
    }),
    { selector: ({ knownAt }) => knownAt, maxLength: 6 },
  )
  .map((versions) => versions.toSorted((a, b) => a.knownAt - b.knownAt))

/** The hash of the bytes of 500 encoded requests: the same wherever the code runs. */
export async function hashOfEncoded(): Promise<string> {
  const features = buildFeatures()
  const encode = createEncoder(features)
  const random = createRandom(7)
  const hashes: string[] = []
  for (let row = 0; row < 500; row += 1) {
    const history = Array.from({ length: random.integer(90) }, (_, index) =>
      buildEvent({
        id: `e${index}`,
        type: eventTypes[random.integer(4)] ?? 'never-declared',
        occurredAt: NOW_MS - Math.floor(random.exponential(1 / (5 * DAY_MS))) + 1000,
        value: random.normal() * 100,
        ...(random.next() < 0.5 ? { itemId: ['shoe', 'hat', 'wig', '?'][random.integer(4)] ?? '' } : {}),
      }),
    )
    const attributes = { age: random.normal() * 30 + 40, plan: 'free', about: `Größe ${row} ﬁne 日本語 Ünï` }
    const encoded = encode(buildRequest({ history, user: undated(attributes), context: { device: 'phone' } }))
    for (const values of Object.values(encoded)) {
      const bytes = new Uint8Array(values.byteLength)
      bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
      hashes.push(await sha256Hex(bytes))
    }
  }
  return sha256Hex(hashes.join(''))
}
