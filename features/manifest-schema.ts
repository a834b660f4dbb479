// Reads a manifest from its text. Whatever a bundle may hold comes through here, so every number has its
// range: a bundle that is out of range is refused, and does not answer wrongly or take the process down.
import { z } from 'zod'
import { VISIT_KINDS, countedKinds } from './counted.ts'
import type { Counted } from './counted.ts'
import { inputSpecs } from './encode.ts'
import { headKindOfTask, headWidth } from './heads/kinds.ts'
import { KEPT_NGRAMS_MAX, unpackNgrams } from './kept-ngrams.ts'
import { FILE_KINDS, READABLE_VERSIONS } from './manifest.ts'
import { inputBinsOf } from './input-bins.ts'
import type { InputSpec, Manifest, Reference } from './manifest.ts'
import { supportCells } from './support.ts'
import { fail, succeed } from './result.ts'
import type { Result } from './result.ts'
import { unpackVector, VECTOR_LENGTH_MAX } from './vectors.ts'

const NAME_LENGTH_MAX = 256
const VALUES_MAX = 1_000_000
const FEATURES_MAX = 20_000
const SEQUENCE_LENGTH_MAX = 4_096
const INPUT_NUMBERS_MAX = 4_000_000
const TEMPERATURE = { min: 0.01, max: 100 }
const FACTOR = { min: 0.001, max: 1_000 }
const CURVE_MAX = 100
const LOG_ODDS_MAX = 1_000
const KNOTS_MAX = 200
const FILE_BYTES_MAX = 100_000_000

const name = z.string().max(NAME_LENGTH_MAX)
const names = z.array(z.string().max(10_000)).max(VALUES_MAX).readonly()
const finite = z.number()
const rising = z.array(finite).max(1_000).readonly().refine(rises, { error: 'Must rise' })
const deviation = finite.min(0)

function rises(values: readonly number[]): boolean {
  return values.every((value, index) => index === 0 || value > (values[index - 1] ?? Infinity))
}

const attributeOrigin = z.enum(['user', 'context', 'item'])

const categoryFeature = z.object({
  name,
  origin: z.enum(['user', 'context', 'item', 'recent']),
  values: names,
})
const attributeNumber = z.object({
  name,
  origin: attributeOrigin,
  mean: finite,
  deviation,
  boundaries: rising,
})
const historyNumber = z.object({ name, mean: finite, deviation })
const keptNgrams = z
  .object({
    packed: z.string().max(6 * KEPT_NGRAMS_MAX),
    placesMax: z.number().int().min(1).max(10_000),
  })
  .superRefine((value, context) => {
    const unpacked = unpackNgrams(value)
    if (!unpacked.ok) context.addIssue({ code: 'custom', path: ['packed'], message: unpacked.reason })
  })
const textFeature = z.object({
  name,
  origin: attributeOrigin,
  buckets: z.number().int().min(1).max(10_000_000),
  wordsMax: z.number().int().min(1).max(10_000),
  ngrams: keptNgrams.optional(),
})
const vectorFeature = z
  .object({
    name,
    origin: attributeOrigin,
    length: z.number().int().min(1).max(VECTOR_LENGTH_MAX),
    projection: z.array(z.string()).max(VECTOR_LENGTH_MAX).readonly(),
    means: z.array(finite).min(1).max(VECTOR_LENGTH_MAX).readonly(),
    deviations: z.array(deviation).max(VECTOR_LENGTH_MAX).readonly(),
  })
  .refine(({ means, deviations }) => means.length === deviations.length, {
    error: 'There must be one deviation a mean',
  })
  .refine(
    ({ length, projection, means }) =>
      means.length === (projection.length === 0 ? length : projection.length) &&
      projection.every((axis) => unpackVector(axis, length) !== undefined),
    { error: 'The axes must be packed vectors, one a mean' },
  )
function list<Item extends z.ZodType>(item: Item) {
  return z.array(item).max(FEATURES_MAX).readonly()
}

const counted = z.enum(Object.keys(countedKinds) as [Counted, ...Counted[]])

const features = z.object({
  sequenceLength: z.number().int().min(0).max(SEQUENCE_LENGTH_MAX),
  eventTypes: names,
  valueTypes: names,
  windowsMs: z.array(finite.positive()).max(100).readonly(),
  counted: z
    .tuple([z.enum(VISIT_KINDS)], counted)
    .readonly()
    .refine((kinds) => new Set(kinds).size === kinds.length, { error: 'Must differ' })
    .optional(),
  items: names,
  itemCategories: list(categoryFeature),
  historyNumbers: list(historyNumber),
  attributeNumbers: list(attributeNumber),
  categories: list(categoryFeature),
  texts: list(textFeature),
  // Bundles from before there were vectors do not say.
  vectors: list(vectorFeature).default([]),
})

const inputSpec = z.object({
  name,
  type: z.enum(['float32', 'int32']),
  shape: z.array(z.number().int().min(1).max(INPUT_NUMBERS_MAX)).max(4).readonly(),
})

const counts = z.array(z.number().int().min(0)).min(1).max(1_000).readonly()

const horizonMs = z.number().int().positive()
const monotone = z
  .record(name, z.enum(['rises', 'falls']))
  .readonly()
  .optional()
const declaration = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('occurs'), type: name, horizonMs, monotone }),
  z.object({ kind: z.literal('absent'), horizonMs, monotone }),
  z.object({ kind: z.literal('nextEvent'), horizonMs: horizonMs.nullable(), monotone }),
  z.object({ kind: z.literal('total'), type: name, horizonMs, monotone }),
  z.object({ kind: z.literal('count'), type: name, horizonMs, monotone }),
  z.object({ kind: z.literal('label'), values: names, monotone }),
])

const base = {
  task: name,
  declaration,
  basis: z.enum(['model', 'prior']),
  support: counts.optional(),
}
const shares = z
  .array(finite.min(0).max(1))
  .readonly()
  .refine((values) => Math.abs(values.reduce((sum, value) => sum + value, 0) - 1) < 1e-6, {
    error: 'Must sum to 1',
  })
const logOddsList = z.array(finite.min(-LOG_ODDS_MAX).max(LOG_ODDS_MAX)).min(1).max(KNOTS_MAX).readonly()
const curve = z.discriminatedUnion('kind', [
  z
    .object({
      kind: z.literal('beta'),
      stretch: finite.gt(-1).max(CURVE_MAX),
      skew: finite,
      level: finite.min(-CURVE_MAX).max(CURVE_MAX),
    })
    .refine(({ stretch, skew }) => Math.abs(skew) < 1 + stretch, { error: 'Must rise' }),
  z
    .object({ kind: z.literal('isotonic'), from: logOddsList, to: logOddsList })
    .refine(({ from, to }) => from.length === to.length && [from, to].every(rises), {
      error: 'Must rise, and be as long as each other',
    }),
])
const reaches = z.array(finite.min(0).max(LOG_ODDS_MAX)).min(1).max(1_001).readonly()
const margins = z
  .object({ cuts: rising, below: reaches, above: reaches })
  .refine(({ cuts, below, above }) => [below, above].every(({ length }) => length === cuts.length + 1), {
    error: 'There must be one more of each than cuts',
  })
const ofClasses = {
  ...base,
  prior: shares,
  newcomerPrior: shares,
  classes: names.refine((classes) => classes.length >= 1, { error: 'Needs a class' }),
  temperature: finite.min(TEMPERATURE.min).max(TEMPERATURE.max),
  bias: z.array(finite.min(-100).max(100)).readonly(),
  curve: curve.optional(),
  margins: margins.optional(),
}
const mean = z.array(finite).length(1).readonly()
const head = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('probability'), ...ofClasses }),
    z.object({ kind: z.literal('choice'), ...ofClasses }),
    z.object({
      kind: z.literal('amount'),
      ...base,
      prior: mean,
      newcomerPrior: mean,
      link: z.enum(['softplus', 'identity']),
      scale: finite.positive(),
      factor: finite.min(FACTOR.min).max(FACTOR.max),
    }),
  ])
  .refine(
    (value) => value.prior.length === headWidth(value) && value.newcomerPrior.length === headWidth(value),
    {
      error: 'A prior must be as wide as its head',
    },
  )
  .refine((value) => !('bias' in value) || value.bias.length === value.classes.length, {
    error: 'There must be one bias a class',
  })
  .refine((value) => !('curve' in value) || value.curve === undefined || value.classes.length === 2, {
    error: 'Only two classes are calibrated by a curve',
  })
  .refine((value) => value.kind === headKindOfTask[value.declaration.kind], {
    error: 'The head is not of the kind that answers its task',
  })
  .refine((value) => !('classes' in value) || classesFit(value.declaration, value.classes), {
    error: 'The classes are not those of the task',
  })

/** Whether a task has these classes; those of a next event are the project's events. */
function classesFit(declared: z.output<typeof declaration>, classes: readonly string[]): boolean {
  if (declared.kind === 'nextEvent') return true
  const expected = declared.kind === 'label' ? declared.values : ['no', 'yes']
  return JSON.stringify(classes) === JSON.stringify(expected)
}

const file = z.object({
  name: z.string().regex(/^[a-z0-9][a-z0-9.-]{0,62}$/),
  kind: z.enum(FILE_KINDS),
  bytes: z.number().int().min(1).max(FILE_BYTES_MAX),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

const referenceCounts = z
  .object({ cuts: rising, counts })
  .refine((value) => value.counts.length === value.cuts.length + 1, {
    error: 'There must be one count more than cuts',
  })
const reference = z.object({
  inputs: z.record(name, counts),
  answers: z.record(name, z.array(referenceCounts).max(1_000).readonly()),
  outcomes: z.record(name, referenceCounts),
})

const manifestSchema: z.ZodType<Manifest> = z
  .object({
    featureVersion: z.number().refine((version) => READABLE_VERSIONS.includes(version), {
      error: `Must be one of ${READABLE_VERSIONS.join(', ')}`,
    }),
    project: name,
    family: name,
    features,
    inputs: list(inputSpec),
    heads: z.array(head).min(1).max(100).readonly(),
    files: z.array(file).min(1).max(20).readonly(),
    reference: reference.optional(),
  })
  .refine((manifest) => (manifest.featureVersion === 2) === (manifest.features.counted === undefined), {
    path: ['features', 'counted'],
    error: 'Must say what is counted, but in version 2, which counts lines',
  })
  .transform((manifest) => {
    const { counted: said = ['lines'] as const } = manifest.features
    return { ...manifest, features: { ...manifest.features, counted: said } }
  })
  .refine((manifest) => new Set(manifest.heads.map(({ task }) => task)).size === manifest.heads.length, {
    error: 'Two heads answer the same task',
  })
  .refine((manifest) => FILE_KINDS.every((kind) => manifest.files.some((entry) => entry.kind === kind)), {
    error: `Needs a file of each kind: ${FILE_KINDS.join(', ')}`,
  })
  .refine((manifest) => new Set(manifest.files.map((entry) => entry.name)).size === manifest.files.length, {
    error: 'Two files have the same name',
  })
  .superRefine(({ inputs, features: of }, context) => {
    const expected = inputSpecs(of)
    const place = Array.from({ length: Math.max(inputs.length, expected.length) }).findIndex(
      (_, index) => textOf(inputs[index]) !== textOf(expected[index]),
    )
    if (place >= 0)
      context.addIssue({
        code: 'custom',
        path: ['inputs', place],
        message: `The inputs are not those of the features: expected ${textOf(expected[place])}, got ${textOf(inputs[place])}`,
      })
  })
  .refine((manifest) => manifest.reference === undefined || binsFit(manifest.features, manifest.reference), {
    path: ['reference', 'inputs'],
    error: 'The bins are not those of the features',
  })
  .refine(
    ({ features: of, heads }) =>
      heads.every(({ support }) => support === undefined || support.length === supportCells(of).count),
    { path: ['heads'], error: 'The cells of support are not those of the features' },
  )

/** "float32 numbers [42]", or that there is none. */
function textOf(spec: InputSpec | undefined): string {
  return spec === undefined ? 'no more' : `${spec.type} ${spec.name} [${spec.shape.join(', ')}]`
}

function binsFit(of: Manifest['features'], { inputs }: Reference): boolean {
  return inputBinsOf(of).every(({ name: feature, count }) => inputs[feature]?.length === count)
}

/** The manifest in a text; where it is none, the reason in one line, naming the place. */
export function parseManifest(text: string): Result<Manifest, string> {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return fail('manifest.json is not JSON')
  }
  const parsed = manifestSchema.safeParse(json)
  if (parsed.success) return succeed(parsed.data)
  const [issue] = parsed.error.issues
  return fail(`manifest.json: ${issue?.path.join('.') || 'as a whole'}: ${issue?.message ?? 'not valid'}`)
}
