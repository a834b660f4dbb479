// The manifest: everything that encode and decode need and that was learned from data, and the list of
// the bundle's files. Training writes it into the bundle; features/manifest-schema.ts parses it.
import type { CountedList } from './counted.ts'
import type { Head } from './heads/head.ts'
import type { KeptNgrams } from './kept-ngrams.ts'

/** Raised when the meaning of encoded inputs or of the manifest changes. */
export const FEATURE_VERSION = 3

/**
 * The versions that can be read: this one and the one before, so that a new Worker answers with the bundle
 * that is deployed until the next is published. Version 2 counted events by themselves, and is read so.
 */
export const READABLE_VERSIONS: readonly number[] = [FEATURE_VERSION - 1, FEATURE_VERSION]

/**
 * How many of the latest events encode looks at. Lines, not moments: it bounds what a request reads, whatever
 * a log takes for one visit.
 */
export const HISTORY_LENGTH_MAX = 256

/** Where a feature is read from: the user's profile, the request's context, the latest event's item. */
export type AttributeOrigin = 'user' | 'context' | 'item'

export interface CategoryFeature {
  readonly name: string
  /** 'recent' features hold the types of the latest events, latest first; those of a moment once each. */
  readonly origin: AttributeOrigin | 'recent'
  /** Known values; id 0 is missing, 1 unknown or rare, 2 + index a value. */
  readonly values: readonly string[]
}

export interface AttributeNumber {
  readonly name: string
  readonly origin: AttributeOrigin
  readonly mean: number
  readonly deviation: number
  /** Rising quantiles between which the value is encoded piecewise linearly. */
  readonly boundaries: readonly number[]
}

/** A count, sum, rate or recency of a history, standardised after log1p. */
export interface HistoryNumber {
  readonly name: string
  readonly mean: number
  readonly deviation: number
}

export interface TextFeature {
  readonly name: string
  readonly origin: AttributeOrigin
  /** Words are hashed into 1..buckets; 0 is padding. */
  readonly buckets: number
  readonly wordsMax: number
  /** Absent in bundles from before them: then there are no inputs of n-grams. */
  readonly ngrams?: KeptNgrams | undefined
}

/** A vector, standardised number by number after it is projected. */
export interface VectorFeature {
  readonly name: string
  readonly origin: AttributeOrigin
  /** How many numbers it has. */
  readonly length: number
  /** Axes on which it is projected, each a packed vector (features/vectors.ts); none where it is read as it is. */
  readonly projection: readonly string[]
  /** Of each number that the model reads. */
  readonly means: readonly number[]
  readonly deviations: readonly number[]
}

export interface Features {
  /** How many of the latest events the sequence inputs hold; 0 for tables. */
  readonly sequenceLength: number
  /** In declared order; id 0 is padding, 1 unknown, 2 + index a type. */
  readonly eventTypes: readonly string[]
  /** Event types that carry a value: their sums are features. */
  readonly valueTypes: readonly string[]
  /** The windows of the history numbers, rising. */
  readonly windowsMs: readonly number[]
  /** What the history numbers count. Version 2 does not say, and counts lines. */
  readonly counted: CountedList
  /** Known items by falling frequency; id 0 is padding or no item, 1 unknown, 2 + index an item. */
  readonly items: readonly string[]
  /** Category attributes of the item of each event in the sequence. */
  readonly itemCategories: readonly CategoryFeature[]
  readonly historyNumbers: readonly HistoryNumber[]
  readonly attributeNumbers: readonly AttributeNumber[]
  readonly categories: readonly CategoryFeature[]
  readonly texts: readonly TextFeature[]
  readonly vectors: readonly VectorFeature[]
}

export interface InputSpec {
  readonly name: string
  readonly type: 'float32' | 'int32'
  /** Without the batch dimension. */
  readonly shape: readonly number[]
}

/** A file of the bundle beside the manifest itself. */
export interface BundleFile {
  readonly name: string
  readonly kind: FileKind
  readonly bytes: number
  /** Lower-case hexadecimal. */
  readonly sha256: string
}
export const FILE_KINDS = ['model', 'card', 'golden'] as const
export type FileKind = (typeof FILE_KINDS)[number]

/** How many users lay below the first of rising cuts, at or above it, and so on. */
export interface ReferenceCounts {
  readonly cuts: readonly number[]
  /** One more than the cuts. */
  readonly counts: readonly number[]
}

/** How users were spread when the model was made, one moment each: what drift is measured against. */
export interface Reference {
  /** By the name of the feature, in the bins of features/input-bins.ts. */
  readonly inputs: Readonly<Record<string, readonly number[]>>
  /** By task, one a number that is answered, but for the first of several. */
  readonly answers: Readonly<Record<string, readonly ReferenceCounts[]>>
  /** By task: what came true, as the index of its class or as an amount. */
  readonly outcomes: Readonly<Record<string, ReferenceCounts>>
}

export interface Manifest {
  readonly featureVersion: number
  readonly project: string
  readonly family: string
  readonly features: Features
  readonly inputs: readonly InputSpec[]
  readonly heads: readonly Head[]
  readonly files: readonly BundleFile[]
  /** Absent in bundles from before it, or made elsewhere: then drift is not watched. */
  readonly reference?: Reference | undefined
}

/** The file of this kind. Throws where the manifest names none: the schema asks for one of each. */
export function fileOf(manifest: Manifest, kind: FileKind): BundleFile {
  const file = manifest.files.find((candidate) => candidate.kind === kind)
  if (file === undefined) throw new Error(`Expected a file of kind '${kind}' in the manifest, got none`)
  return file
}
