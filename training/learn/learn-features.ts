// What encode needs to know of the data: vocabularies, and the scale of every number. Learned from the
// train part alone; the caller shows it each user's past and the moments at which questions are asked.
import { visibleHistory } from '../../features/encode.ts'
import type { Attributes, Event } from '../../features/event.ts'
import type { AttributeNumber, CategoryFeature, Features, TextFeature } from '../../features/manifest.ts'
import { momentsOf, quantileBoundaries } from '../../features/numbers.ts'
import { DAY_MS, isTable } from '../../features/project.ts'
import type { Attribute, Project } from '../../features/project.ts'
import { chooseVocabulary } from '../../features/vocabulary.ts'
import { createHistoryNumbers, cycleMsOf, historyNumberNames } from '../../features/windows.ts'

/** Sizes that are chosen, not learned. */
export const FEATURE_SIZES = {
  historyLengthMax: 256,
  sequenceLength: 32,
  windowsMs: [DAY_MS, 7 * DAY_MS, 28 * DAY_MS],
  /** Counted in users: what is known of a few alone is learned by heart and helps no one else. */
  items: { countMin: 5, sizeMax: 20_000 },
  categories: { countMin: 5, sizeMax: 1_000 },
  numberIntervals: 16,
  textBuckets: 4_096,
  textWordsMax: 64,
  recentTypes: 3,
  /** Numbers are scaled by this many moments, spread over all users. */
  momentsMax: 20_000,
  /** The hour and the weekday count where the train part has seen as many days or weeks. */
  cyclesMin: 3,
} as const

type Origin = 'user' | 'context' | 'item'

export interface FeatureLearner {
  /** A user's attributes and events of the train part. */
  seeUser(attributes: Attributes, events: readonly Event[]): void
  /** A user's whole history and a moment at which a question is asked. */
  seeMoment(events: readonly Event[], atMs: number): void
  learn(): Features
}

/** Collects counts and numbers; `items` is the catalogue. */
export function createFeatureLearner(
  project: Project,
  items: ReadonlyMap<string, Attributes>,
): FeatureLearner {
  const spec = windowSpec(project)
  const names = isTable(project) ? [] : historyNumberNames(spec)
  const numbersAt = createHistoryNumbers(spec)
  const itemCounts = new Map<string, number>()
  const seen: Record<Origin, AttributeStatistics> = {
    user: createAttributeStatistics(project.user),
    context: createAttributeStatistics(project.context),
    item: createAttributeStatistics(project.item),
  }
  const sums = new Float64Array(names.length)
  const squares = new Float64Array(names.length)
  let moments = 0
  let firstMs = Infinity
  let lastMs = -Infinity

  /** Over less than a few cycles the place in a cycle tells early from late, which does not come again. */
  function isUnseenCycle(name: string): boolean {
    const cycleMs = cycleMsOf(name)
    return cycleMs !== undefined && lastMs - firstMs < FEATURE_SIZES.cyclesMin * cycleMs
  }

  return {
    seeUser(attributes, events) {
      const itemIds = new Set(events.flatMap(({ itemId }) => (itemId === undefined ? [] : [itemId])))
      for (const itemId of itemIds) itemCounts.set(itemId, (itemCounts.get(itemId) ?? 0) + 1)
      seen.user.see([attributes])
      seen.context.see(events.map(({ properties }) => properties ?? {}))
      seen.item.see(events.map(({ itemId }) => (itemId === undefined ? {} : (items.get(itemId) ?? {}))))
    },
    seeMoment(events, atMs) {
      if (moments >= FEATURE_SIZES.momentsMax) return
      moments += 1
      firstMs = Math.min(firstMs, atMs)
      lastMs = Math.max(lastMs, atMs)
      const lengthMax = FEATURE_SIZES.historyLengthMax
      const values = numbersAt(visibleHistory(events, { at: atMs, lengthMax }), atMs)
      for (const [index, value] of values.entries()) {
        sums[index] = (sums[index] ?? 0) + value
        squares[index] = (squares[index] ?? 0) + value * value
      }
    },
    learn: () => ({
      historyLengthMax: FEATURE_SIZES.historyLengthMax,
      sequenceLength: isTable(project) ? 0 : FEATURE_SIZES.sequenceLength,
      ...spec,
      items: chooseVocabulary(itemCounts, FEATURE_SIZES.items),
      itemCategories: seen.item.categories('item'),
      historyNumbers: names.map((name, index) => {
        const mean = (sums[index] ?? 0) / Math.max(1, moments)
        const variance = (squares[index] ?? 0) / Math.max(1, moments) - mean * mean
        const isConstant = variance <= 1e-8 || isUnseenCycle(name)
        return { name, mean, deviation: isConstant ? 0 : Math.sqrt(variance) }
      }),
      attributeNumbers: [
        ...seen.user.numbers('user'),
        ...seen.context.numbers('context'),
        ...seen.item.numbers('item'),
      ],
      categories: [
        ...seen.user.categories('user'),
        ...seen.context.categories('context'),
        ...seen.item.categories('item'),
        ...recentTypes(project),
      ],
      texts: [
        ...textFeatures(project.user, 'user'),
        ...textFeatures(project.context, 'context'),
        ...textFeatures(project.item, 'item'),
      ],
    }),
  }
}

function windowSpec(project: Project): Pick<Features, 'eventTypes' | 'valueTypes' | 'windowsMs'> {
  const eventTypes = Object.keys(project.events)
  return {
    eventTypes,
    valueTypes: eventTypes.filter((type) => project.events[type]?.value === true),
    windowsMs: FEATURE_SIZES.windowsMs,
  }
}

interface AttributeStatistics {
  /** All of one user's; a value counts once a user. */
  see(ofUser: readonly Attributes[]): void
  categories(origin: Origin): CategoryFeature[]
  numbers(origin: Origin): AttributeNumber[]
}

/** Counts of category values, and numbers up to a limit that quantiles do not need to exceed. */
function createAttributeStatistics(declared: Readonly<Record<string, Attribute>>): AttributeStatistics {
  const counts = new Map<string, Map<string, number>>()
  const numbers = new Map<string, number[]>()
  for (const [name, attribute] of Object.entries(declared)) {
    if (attribute.kind === 'category') counts.set(name, new Map())
    if (attribute.kind === 'number') numbers.set(name, [])
  }
  return {
    see(ofUser) {
      for (const [name, values] of counts) {
        const given = ofUser.map((attributes) => attributes[name]).filter(isPresent)
        for (const value of new Set(given.map(String))) values.set(value, (values.get(value) ?? 0) + 1)
      }
      for (const [name, values] of numbers) {
        for (const { [name]: value } of ofUser) {
          if (typeof value === 'number' && values.length < 10 * FEATURE_SIZES.momentsMax) values.push(value)
        }
      }
    },
    categories: (origin) =>
      [...counts].map(([name, values]) => ({
        name,
        origin,
        values: chooseVocabulary(values, FEATURE_SIZES.categories),
      })),
    numbers: (origin) =>
      [...numbers].map(([name, values]) => ({
        name,
        origin,
        ...momentsOf(values),
        boundaries: quantileBoundaries(values, FEATURE_SIZES.numberIntervals),
      })),
  }
}

function isPresent(value: Attributes[string] | undefined): value is string | number {
  return value !== null && value !== undefined && value !== ''
}

function recentTypes(project: Project): CategoryFeature[] {
  if (isTable(project)) return []
  return Array.from({ length: FEATURE_SIZES.recentTypes }, (_, index) => ({
    name: `recent${index + 1}`,
    origin: 'recent',
    values: Object.keys(project.events),
  }))
}

function textFeatures(declared: Readonly<Record<string, Attribute>>, origin: Origin): TextFeature[] {
  return Object.entries(declared)
    .filter(([, attribute]) => attribute.kind === 'text')
    .map(([name]) => ({
      name,
      origin,
      buckets: FEATURE_SIZES.textBuckets,
      wordsMax: FEATURE_SIZES.textWordsMax,
    }))
}
