// Collects what encode needs to know of the data: vocabularies, and the scale of every number. The caller
// shows it what was known of each user in the train part, and the moments at which questions are asked.
import { attributesAt } from '../../features/attributes.ts'
import type { Attributes, Versions } from '../../features/attributes.ts'
import type { CountedList } from '../../features/counted.ts'
import type { Event } from '../../features/event.ts'
import type { CategoryFeature, Features } from '../../features/manifest.ts'
import { hasEvents } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import type { Random } from '../../features/random.ts'
import { createHistoryNumbers, cycleMsOf, historyNumberNames } from '../../features/windows.ts'
import type { WindowSpec } from '../../features/windows.ts'
import { heardMs } from '../moments/history-window.ts'
import { createAttributeStatistics } from './attribute-statistics.ts'
import { FEATURE_SIZES } from './feature-sizes.ts'
import { createReservoir } from './reservoir.ts'
import { chooseVocabularies } from './share-vocabulary.ts'
import { momentsOf } from './statistics.ts'
import { createTextStatistics, learnTexts } from './text-statistics.ts'
import { chooseVocabulary } from './vocabulary.ts'

export interface FeatureLearner {
  /** The versions and the events of one user that were known within the train part. */
  seeUser(user: { readonly versions: Versions; readonly events: readonly Event[] }): void
  /** A moment at which a question is asked; the history that is visible then is looked at where it is kept. */
  seeMoment(atMs: number, history: () => readonly Event[]): void
  learn(): Features
}

export interface LearnerOptions {
  readonly items: ReadonlyMap<string, Versions>
  /** Over which a history is counted, rising. */
  readonly windowsMs: readonly number[]
  /** What is counted; where absent moments and days, and lines where moments have several. */
  readonly counted?: CountedList | undefined
  /** Nothing that became known from then on is learned. */
  readonly untilMs: number
  readonly random: Random
}

export function createFeatureLearner(
  project: Project,
  { items, windowsMs, counted, untilMs, random }: LearnerOptions,
): FeatureLearner {
  const everything = windowSpec(project, { windowsMs, counted })
  const numbersAt = createHistoryNumbers(everything)
  const placeOf = new Map(historyNumberNames(everything).map((name, place) => [name, place]))
  const sample = createReservoir<Float64Array>(FEATURE_SIZES.momentsMax, random.fork('moments'))
  const itemCounts = new Map<string, number>()
  const seen = {
    user: createAttributeStatistics(project.user, random.fork('user')),
    context: createAttributeStatistics(project.context, random.fork('context')),
    item: createAttributeStatistics(project.item, random.fork('item')),
  }
  const texts = {
    user: createTextStatistics(project.user, { origin: 'user', random: random.fork('user') }),
    context: createTextStatistics(project.context, { origin: 'context', random: random.fork('context') }),
    item: createTextStatistics(project.item, { origin: 'item', random: random.fork('item') }),
  }
  let firstMs = Infinity
  let lastMs = -Infinity
  let lines = 0
  let sharedLines = 0

  /** Over less than a few cycles the place in a cycle tells early from late, which does not come again. */
  function isUnseenCycle(name: string): boolean {
    const cycleMs = cycleMsOf(name)
    return cycleMs !== undefined && lastMs - firstMs < FEATURE_SIZES.cyclesMin * cycleMs
  }

  /** Where nearly every moment has one line, to count lines too would say everything twice. */
  function keptSpec(): WindowSpec {
    if (counted !== undefined) return everything
    const hasBaskets = sharedLines > FEATURE_SIZES.sharedLinesMin * lines
    return { ...everything, counted: hasBaskets ? ['moments', 'days', 'lines'] : ['moments', 'days'] }
  }

  function scaleOf(name: string): Features['historyNumbers'][number] {
    const place = placeOf.get(name) ?? -1
    const { mean, deviation } = momentsOf(sample.kept.map((numbers) => numbers[place] ?? 0))
    return { name, mean, deviation: deviation <= 1e-4 || isUnseenCycle(name) ? 0 : deviation }
  }

  function learnedCategories(): CategoryFeature[] {
    const declared = (['user', 'context', 'item'] as const).flatMap((origin) =>
      seen[origin].categories.map(({ name, counts }) => ({ name, origin, counts })),
    )
    const values = chooseVocabularies(
      declared.map(({ counts }) => counts),
      FEATURE_SIZES.categories,
    )
    return declared.map(({ name, origin }, index) => ({ name, origin, values: values[index] ?? [] }))
  }

  return {
    seeUser({ versions, events }) {
      const known = versionsUntil(versions, untilMs)
      seen.user.countValues(known)
      texts.user.seeTexts(known)
      for (const attributes of known) seen.user.seeNumbers(attributes)
      seen.context.countValues(events.map(({ properties }) => properties ?? {}))
      texts.context.seeTexts(events.map(({ properties }) => properties ?? {}))
      const itemIds = new Set(events.flatMap(({ itemId }) => itemId ?? []))
      for (const itemId of itemIds) {
        // An item is a document once, however many users it has.
        if (!itemCounts.has(itemId)) texts.item.seeTexts(versionsUntil(items.get(itemId) ?? [], untilMs))
        itemCounts.set(itemId, (itemCounts.get(itemId) ?? 0) + 1)
      }
      seen.item.countValues([...itemIds].flatMap((id) => versionsUntil(items.get(id) ?? [], untilMs)))
      lines += events.length
      for (const [place, event] of events.entries()) {
        if (event.occurredAt === events[place - 1]?.occurredAt) sharedLines += 1
        seen.context.seeNumbers(event.properties ?? {})
        if (event.itemId === undefined) continue
        seen.item.seeNumbers(attributesAt(items.get(event.itemId) ?? [], heardMs(event)))
      }
    },
    seeMoment(atMs, history) {
      firstMs = Math.min(firstMs, atMs)
      lastMs = Math.max(lastMs, atMs)
      if (hasEvents(project)) sample.offer(() => numbersAt(history(), atMs))
    },
    learn: () => ({
      sequenceLength: hasEvents(project) ? FEATURE_SIZES.sequenceLength : 0,
      ...keptSpec(),
      items: chooseVocabulary(itemCounts, FEATURE_SIZES.items),
      itemCategories: learnedCategories().filter(({ origin }) => origin === 'item'),
      historyNumbers: hasEvents(project) ? historyNumberNames(keptSpec()).map(scaleOf) : [],
      attributeNumbers: [
        ...seen.user.numbers('user'),
        ...seen.context.numbers('context'),
        ...seen.item.numbers('item'),
      ],
      categories: [...learnedCategories(), ...recentTypes(project)],
      texts: learnTexts([...texts.user.texts, ...texts.context.texts, ...texts.item.texts]),
      vectors: [
        ...seen.user.vectors('user'),
        ...seen.context.vectors('context'),
        ...seen.item.vectors('item'),
      ],
    }),
  }
}

function versionsUntil(versions: Versions, untilMs: number): Attributes[] {
  return versions.filter(({ knownAt }) => knownAt < untilMs).map(({ attributes }) => attributes)
}

function windowSpec(
  project: Project,
  { windowsMs, counted }: Pick<LearnerOptions, 'windowsMs' | 'counted'>,
): WindowSpec {
  const eventTypes = Object.keys(project.events)
  return {
    eventTypes,
    valueTypes: eventTypes.filter((type) => project.events[type]?.value === true),
    windowsMs,
    counted: counted ?? ['moments', 'days', 'lines'],
  }
}

function recentTypes(project: Project): CategoryFeature[] {
  if (!hasEvents(project)) return []
  return Array.from({ length: FEATURE_SIZES.recentTypes }, (_, index) => ({
    name: `recent${index + 1}`,
    origin: 'recent',
    values: Object.keys(project.events),
  }))
}
