// The manifest: everything that encode and decode need and that was learned from data. It is written
// by training into the bundle and parsed once by the service; the schema is the type.
import { z } from 'zod'

/** Raised when the meaning of encoded inputs changes; a service refuses a bundle of another version. */
export const FEATURE_VERSION = 1

/** Where a feature is read from: the user's profile, the request's context, the latest event's item. */
const attributeOrigin = z.enum(['user', 'context', 'item'])

const categoryFeature = z.object({
  name: z.string(),
  /** 'recent' features hold the types of the latest events, latest first. */
  origin: z.enum(['user', 'context', 'item', 'recent']),
  /** Known values; id 0 is missing, 1 unknown or rare, 2 + index a value. */
  values: z.array(z.string()).readonly(),
})

const attributeNumber = z.object({
  name: z.string(),
  origin: attributeOrigin,
  mean: z.number(),
  deviation: z.number(),
  /** Rising quantiles between which the value is encoded piecewise linearly. */
  boundaries: z.array(z.number()).readonly(),
})

/** A count, sum, rate or recency of a history, standardised after log1p. */
const historyNumber = z.object({ name: z.string(), mean: z.number(), deviation: z.number() })

const textFeature = z.object({
  name: z.string(),
  origin: attributeOrigin,
  /** Words are hashed into 1..buckets; 0 is padding. */
  buckets: z.number().int(),
  wordsMax: z.number().int(),
})

const features = z.object({
  /** How many of the latest events encode looks at. */
  historyLengthMax: z.number().int(),
  /** How many of those the sequence inputs hold; 0 for tables. */
  sequenceLength: z.number().int(),
  /** In declared order; id 0 is padding, 1 unknown, 2 + index a type. */
  eventTypes: z.array(z.string()).readonly(),
  /** Event types that carry a value: their sums are features. */
  valueTypes: z.array(z.string()).readonly(),
  windowsMs: z.array(z.number()).readonly(),
  /** Known items by falling frequency; id 0 is padding or no item, 1 unknown, 2 + index an item. */
  items: z.array(z.string()).readonly(),
  /** Category attributes of the item of each event in the sequence. */
  itemCategories: z.array(categoryFeature).readonly(),
  historyNumbers: z.array(historyNumber).readonly(),
  attributeNumbers: z.array(attributeNumber).readonly(),
  categories: z.array(categoryFeature).readonly(),
  texts: z.array(textFeature).readonly(),
})

const inputSpec = z.object({
  name: z.string(),
  type: z.enum(['float32', 'int32']),
  /** Without the batch dimension. */
  shape: z.array(z.number().int()).readonly(),
})

const headSchema = z.object({
  task: z.string(),
  kind: z.enum(['occurs', 'absent', 'nextEvent', 'total', 'label']),
  /** Names of the classes, in the order of the logits; empty for a total. */
  classes: z.array(z.string()).readonly(),
  /** Class frequencies in training, or the mean for a total: the answer without a model. */
  prior: z.array(z.number()).readonly(),
  /** Divides the logits; fitted on validation. */
  temperature: z.number(),
  /** Added to the logits before the temperature; undoes class weights. */
  bias: z.array(z.number()).readonly(),
  /** A total is softplus(output) × scale; 1 for classes. */
  scale: z.number(),
})

export const manifestSchema = z.object({
  featureVersion: z.literal(FEATURE_VERSION),
  project: z.string(),
  family: z.string(),
  features,
  inputs: z.array(inputSpec).readonly(),
  heads: z.array(headSchema).readonly(),
})

export type CategoryFeature = Readonly<z.infer<typeof categoryFeature>>
export type AttributeNumber = Readonly<z.infer<typeof attributeNumber>>
export type TextFeature = Readonly<z.infer<typeof textFeature>>
export type Features = Readonly<z.infer<typeof features>>
export type InputSpec = Readonly<z.infer<typeof inputSpec>>
export type Head = Readonly<z.infer<typeof headSchema>>
export type Manifest = Readonly<z.infer<typeof manifestSchema>>

/** How many logits a head has: one per class, or a single number for a total. */
export function headWidth(head: Head): number {
  return head.kind === 'total' ? 1 : head.classes.length
}
