// encode: from what is known of a user at a moment to the inputs of a model. Training calls it at past
// moments, the service calls it now; there is no other way to make a model input. It looks back only.
import { attributesAt } from './attributes.ts'
import type { Attributes, Versions } from './attributes.ts'
import { createCategoryEncoder } from './categories.ts'
import { countedKinds } from './counted.ts'
import { createNgramWriters, ngramPlaces } from './encode-ngrams.ts'
import type { WriteNgrams } from './encode-ngrams.ts'
import { compareEvents } from './event.ts'
import type { Event } from './event.ts'
import { HISTORY_LENGTH_MAX } from './manifest.ts'
import type { AttributeOrigin, Features, InputSpec } from './manifest.ts'
import { numberWidth, standardise, writeNumber } from './numbers.ts'
import { createSequenceEncoder } from './sequence.ts'
import { writeWords } from './text.ts'
import { createVectorWriter, vectorWidth } from './vectors.ts'
import { createHistoryNumbers } from './windows.ts'

export interface EncodeRequest {
  /** In any order; events that occurred or were received after `atMs` are not looked at. */
  readonly history: readonly Event[]
  /** What was known of the user over time; what is known at `atMs` is looked at. */
  readonly user: Versions
  /** Likewise of the items in the history, by item id. */
  readonly items: ReadonlyMap<string, Versions>
  /** Where absent, the properties of the latest event stand in. */
  readonly context?: Attributes
  /** The moment asked about, Unix milliseconds. */
  readonly atMs: number
}

/** One row of model inputs by name, row-major, shaped as inputSpecs says. */
export type Encoded = Readonly<Record<string, Float32Array | Int32Array>>
export type Encoder = (request: EncodeRequest) => Encoded

/**
 * The inputs of a model, in their fixed order; those without a single number are left out.
 * T = sequenceLength, K = item categories, N = numbers, C = categories, X = texts, W = words of a text, G = n-grams of a text.
 */
export function inputSpecs(features: Features): InputSpec[] {
  const T = features.sequenceLength
  const specs: InputSpec[] = [
    { name: 'types', type: 'int32', shape: [T] },
    { name: 'items', type: 'int32', shape: [T] },
    { name: 'gaps', type: 'int32', shape: [T] },
    { name: 'itemCategories', type: 'int32', shape: [T, features.itemCategories.length] },
    { name: 'numbers', type: 'float32', shape: [numbersLength(features)] },
    { name: 'categories', type: 'int32', shape: [features.categories.length] },
    { name: 'words', type: 'int32', shape: [features.texts.length, wordsMax(features)] },
    { name: 'ngrams', type: 'int32', shape: [features.texts.length, ngramPlaces(features.texts)] },
    { name: 'ngramWeights', type: 'float32', shape: [features.texts.length, ngramPlaces(features.texts)] },
  ]
  return specs.filter((spec) => !spec.shape.includes(0))
}

/**
 * The events that may be looked at: occurred and received by `atMs`, in order, the latest `lengthMax`.
 */
export function visibleHistory(
  history: readonly Event[],
  { atMs, lengthMax = HISTORY_LENGTH_MAX }: { readonly atMs: number; readonly lengthMax?: number },
): Event[] {
  return history
    .filter((event) => event.occurredAt <= atMs && event.receivedAt <= atMs)
    .toSorted(compareEvents)
    .slice(-lengthMax)
}

/** Prepares look-ups once; the encoder itself is pure. An empty history and no attributes encode too. */
export function createEncoder(features: Features): Encoder {
  const encodeSequence = createSequenceEncoder(features)
  const historyNumbers = createHistoryNumbers(features)
  const encodeCategory = createCategoryEncoder(features.categories)
  const ngramWriters = createNgramWriters(features.texts)
  const recentCount = features.categories.filter(({ origin }) => origin === 'recent').length
  const names = inputSpecs(features).map((spec) => spec.name)
  const writeVectors = createVectorsWriter(features)

  return (request) => {
    const { atMs } = request
    const history = features.sequenceLength === 0 ? [] : visibleHistory(request.history, { atMs })
    const itemAttributes = (id: string): Attributes => attributesAt(request.items.get(id) ?? [], atMs)
    const origins = originsOf(request, history)
    const recent = recentTypes(history, { features, count: recentCount })
    const inputs: Record<string, Float32Array | Int32Array> = {
      ...encodeSequence({ history, itemAttributes, atMs }),
      numbers: encodeNumbers(features, {
        history: features.historyNumbers.length === 0 ? [] : historyNumbers(history, atMs),
        origins,
        writeVectors,
      }),
      categories: Int32Array.from(features.categories, (feature, index) => {
        const value =
          feature.origin === 'recent'
            ? recent[recentRank(features, index)]
            : origins[feature.origin][feature.name]
        return encodeCategory(index, value)
      }),
      words: encodeWords(features, origins),
      ...encodeNgrams(features, { writers: ngramWriters, origins }),
    }
    return Object.fromEntries(names.map((name) => [name, inputs[name] ?? new Float32Array(0)]))
  }
}

export type Origins = Readonly<Record<AttributeOrigin, Attributes>>

/**
 * What is known at the moment asked, by where features read it from: the user, the context (the properties of the
 * latest event where none is given), the item of the latest event that names one.
 * @param history the events that may be looked at, in order
 */
export function originsOf({ user, context, items, atMs }: EncodeRequest, history: readonly Event[]): Origins {
  const itemId = history.findLast((event) => event.itemId !== undefined)?.itemId
  return {
    user: attributesAt(user, atMs),
    context: context ?? history.at(-1)?.properties ?? {},
    item: itemId === undefined ? {} : attributesAt(items.get(itemId) ?? [], atMs),
  }
}

/** The numbers of the history, of attributes, of vectors: one after the other. */
function numbersLength({ historyNumbers, attributeNumbers, vectors }: Features): number {
  const widths = [...attributeNumbers.map(numberWidth), ...vectors.map(vectorWidth)]
  return widths.reduce((length, width) => length + width, historyNumbers.length)
}

function wordsMax(features: Features): number {
  return Math.max(0, ...features.texts.map((feature) => feature.wordsMax))
}

/** 0 for the latest, 1 for the one before: 'recent' features come in this order. */
function recentRank(features: Features, index: number): number {
  return features.categories.slice(0, index).filter((feature) => feature.origin === 'recent').length
}

/** The types of the latest events, latest first: of events that count as one, each type once. */
function recentTypes(
  history: readonly Event[],
  { features, count }: { readonly features: Features; readonly count: number },
): string[] {
  const { keyOf } = countedKinds[features.counted[0]]
  const types: string[] = []
  let key = Number.NaN
  let ofKey = 0
  for (let place = history.length - 1; place >= 0 && types.length < count; place -= 1) {
    const event = history[place]
    if (event === undefined) continue
    const own = keyOf(event, place)
    if (own !== key) ofKey = types.length
    key = own
    if (!types.includes(event.type, ofKey)) types.push(event.type)
  }
  return types
}

function encodeNumbers(
  features: Features,
  {
    history,
    origins,
    writeVectors,
  }: {
    readonly history: ArrayLike<number>
    readonly origins: Origins
    readonly writeVectors: VectorsWriter
  },
): Float32Array {
  const numbers = new Float32Array(numbersLength(features))
  for (const [index, feature] of features.historyNumbers.entries()) {
    numbers[index] = standardise(history[index] ?? 0, feature)
  }
  let offset = features.historyNumbers.length
  for (const feature of features.attributeNumbers) {
    writeNumber(numbers, offset, { feature, value: origins[feature.origin][feature.name] })
    offset += numberWidth(feature)
  }
  writeVectors(numbers, offset, origins)
  return numbers
}

type VectorsWriter = (numbers: Float32Array, offset: number, origins: Origins) => void

function createVectorsWriter({ vectors }: Features): VectorsWriter {
  const writers = vectors.map((feature) => ({ feature, write: createVectorWriter(feature) }))
  return (numbers, offset, origins) => {
    let from = offset
    for (const { feature, write } of writers) {
      write(numbers, from, origins[feature.origin][feature.name])
      from += vectorWidth(feature)
    }
  }
}

function encodeWords(features: Features, origins: Origins): Int32Array {
  const width = wordsMax(features)
  const words = new Int32Array(features.texts.length * width)
  let firstId = 1
  for (const [index, feature] of features.texts.entries()) {
    writeWords(words, index * width, { feature, text: origins[feature.origin][feature.name], firstId })
    firstId += feature.buckets
  }
  return words
}

function encodeNgrams(
  { texts }: Features,
  { writers, origins }: { readonly writers: readonly WriteNgrams[]; readonly origins: Origins },
): { readonly ngrams: Int32Array; readonly ngramWeights: Float32Array } {
  const places = ngramPlaces(texts)
  const ids = new Int32Array(texts.length * places)
  const weights = new Float32Array(ids.length)
  for (const [index, { origin, name }] of texts.entries()) {
    writers[index]?.(origins[origin][name], { ids, weights }, index * places)
  }
  return { ngrams: ids, ngramWeights: weights }
}
