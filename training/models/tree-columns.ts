// What trees read of the inputs that all families get: every number and category, and of the sequence the
// latest events. Numbers keep their order whatever is done to them, so an attribute is one column; only what
// its standardised value cannot tell apart, beside far outliers, is read from its intervals as well. Of a
// text only how many words it has is read, not which.
import { categoryIdCount, vocabularyIdCount } from '../../features/categories.ts'
import { layoutOf } from '../../features/layout.ts'
import type { AttributeNumber, Features } from '../../features/manifest.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import type { Column, Table } from '../trees/columns.ts'

export interface TreeNumber {
  readonly kind: 'number'
  readonly name: string
  readonly input: string
  /** In a row of the input. */
  readonly place: number
  /** Where the row says 1 if the number is missing. */
  readonly missingPlace?: number
}

/** Ids of which each table has those from `firstId` on. */
export interface TreeCategory {
  readonly kind: 'category'
  readonly name: string
  readonly input: string
  readonly place: number
  readonly vocabulary: string
  readonly firstId: number
  readonly size: number
}

/** How many ids of a span are not 0: how long a text is. */
export interface TreeCount {
  readonly kind: 'count'
  readonly name: string
  readonly input: string
  readonly place: number
  readonly length: number
}

export type TreeColumn = TreeNumber | TreeCategory | TreeCount

/** Of the sequence so many of the latest events are read, by input. */
const LATEST = { types: 5, gaps: 5, items: 2, itemCategories: 2 } as const

/** Without intervals of the numbers in `whole`: each is to be one column. */
export function treeColumnsOf(features: Features, whole: ReadonlySet<string> = new Set()): TreeColumn[] {
  return layoutOf(features).flatMap((span): TreeColumn[] => {
    const { name, input, from } = span
    if (input === 'numbers') {
      const feature = features.attributeNumbers.find((one) => name === `${one.origin}.${one.name}`)
      if (span.length === 1 || feature === undefined) return [{ kind: 'number', name, input, place: from }]
      return [
        { kind: 'number', name, input, place: from, missingPlace: from + 1 },
        ...(whole.has(name) ? [] : hiddenIntervals(feature)).map((interval): TreeColumn => {
          return { kind: 'number', name: `${name}:${interval}`, input, place: from + 2 + interval }
        }),
      ]
    }
    if (input === 'categories') {
      const size = vocabularyIdCount(features.categories[from]?.values.length ?? 0)
      const firstId = span.baseline[0] ?? 0
      return [{ kind: 'category', name, input, place: from, vocabulary: name, firstId, size }]
    }
    if (input === 'words') return [{ kind: 'count', name, input, place: from, length: span.length }]
    return sequenceColumns(features, span)
  })
}

/** Intervals narrower than so many deviations are lost among numbers of 32 bits. */
const TOLD_DEVIATIONS = 1e-4

function hiddenIntervals({ boundaries, deviation }: AttributeNumber): number[] {
  return boundaries
    .slice(1)
    .flatMap((high, interval) =>
      high - (boundaries[interval] ?? 0) < TOLD_DEVIATIONS * deviation ? [interval] : [],
    )
}

function sequenceColumns(
  features: Features,
  { name, input, length }: { readonly name: string; readonly input: string; readonly length: number },
): TreeColumn[] {
  if (!isSequence(input)) return []
  const T = features.sequenceLength
  const events = Array.from({ length: Math.min(T, LATEST[input]) }, (_, back) => ({ back, at: T - 1 - back }))
  if (input === 'gaps') {
    return events.map(({ back, at }) => ({ kind: 'number', name: `${name}:${back}`, input, place: at }))
  }
  const width = length / T
  const size = {
    types: vocabularyIdCount(features.eventTypes.length),
    items: vocabularyIdCount(features.items.length),
    itemCategories: categoryIdCount(features.itemCategories),
  }[input]
  return Array.from({ length: width }, (_, which) =>
    events.map(({ back, at }): TreeColumn => {
      const vocabulary = `${name}.${which}`
      const place = at * width + which
      return { kind: 'category', name: `${vocabulary}:${back}`, input, place, vocabulary, firstId: 0, size }
    }),
  ).flat()
}

function isSequence(input: string): input is keyof typeof LATEST {
  return Object.hasOwn(LATEST, input)
}

/** The columns of examples, each read when it is asked for. */
export function treeTable(examples: ExampleSet, columns: readonly TreeColumn[]): Table {
  return { count: examples.count, columns: columns.map((column) => () => readColumn(examples, column)) }
}

function readColumn({ inputs, count }: ExampleSet, column: TreeColumn): Column {
  const input = inputs[column.input]
  if (input === undefined) throw new Error(`Expected input '${column.input}', got none`)
  const width = input.length / count
  const at = (row: number, place: number): number => input[row * width + place] ?? Number.NaN
  if (column.kind === 'number') {
    const { place, missingPlace } = column
    const values = new Float32Array(count)
    for (let row = 0; row < count; row += 1) {
      const isMissing = missingPlace !== undefined && at(row, missingPlace) === 1
      values[row] = isMissing ? Number.NaN : at(row, place)
    }
    return { kind: 'number', values }
  }
  if (column.kind === 'count') {
    const { place, length } = column
    const values = new Float32Array(count)
    for (let row = 0; row < count; row += 1) {
      for (let word = 0; word < length; word += 1) {
        if (at(row, place + word) !== 0) values[row] = (values[row] ?? 0) + 1
      }
    }
    return { kind: 'number', values }
  }
  const { place, firstId, vocabulary, size } = column
  const values = new Int32Array(count)
  for (let row = 0; row < count; row += 1) values[row] = at(row, place) - firstId
  return { kind: 'category', values, vocabulary, size }
}
