// The one change among those that a caller can make which moves an answer most: another value of an attribute,
// asked of the same model.
import type { Attributes } from '../attributes.ts'
import type { EncodeRequest, Encoder } from '../encode.ts'
import { originsOf, visibleHistory } from '../encode.ts'
import { readerOf } from '../heads/kinds.ts'
import type { Features, Manifest } from '../manifest.ts'
import { numbersOfRows, stackRows } from '../rows.ts'
import type { RunRows } from '../rows.ts'

export type ChangeableOrigin = 'user' | 'context'

export interface CounterfactualRequest {
  readonly request: EncodeRequest
  readonly encode: Encoder
  readonly run: RunRows
  /** Names such as 'user.plan': what the caller can change. */
  readonly changeable: readonly string[]
  /** Whether the score is to rise or to fall. */
  readonly towards: 'more' | 'less'
  /** What is spoken of, by task: a place among the head's numbers. */
  readonly told: Readonly<Record<string, number>>
}

export interface Counterfactual {
  readonly change: string
  readonly from: string | number | null
  readonly to: string | number
  /** What the model would answer then. */
  readonly score: number
}

interface Change {
  readonly origin: ChangeableOrigin
  readonly name: string
  readonly to: string | number
}

const CHANGES_MAX = 256

/** By task; null where no such change moves the answer that way. Rejects where the model does. */
export async function counterfactuals(
  manifest: Manifest,
  { request, encode, run, changeable, towards, told }: CounterfactualRequest,
): Promise<Readonly<Record<string, Counterfactual | null>>> {
  const now = originsOf(request, visibleHistory(request.history, { atMs: request.atMs }))
  const changes = changesOf(manifest.features, changeable).filter(
    ({ origin, name, to }) => now[origin][name] !== to,
  )
  const rows = changes.length + 1
  const asked = [request, ...changes.map((change) => changed(request, { change, now }))]
  const outputs = await run(stackRows(asked.map((one) => encode(one))), rows)
  const sign = towards === 'more' ? 1 : -1
  return Object.fromEntries(
    Object.entries(told).map(([task, place]) => {
      const head = manifest.heads.find((candidate) => candidate.task === task)
      if (head === undefined) return [task, null]
      const [before = 0, ...scores] = numbersOfRows(head, { outputs, rows }).map(
        (row) => row[place] ?? Number.NaN,
      )
      const least = before + sign * readerOf(head).unit(before) * WORTH_TELLING
      const best = scores.reduce(
        (found, score, index) => (sign * score > sign * (scores[found] ?? NaN) ? index : found),
        0,
      )
      const [change, score] = [changes[best], scores[best]]
      if (change === undefined || score === undefined || sign * score <= sign * least) return [task, null]
      const { origin, name, to } = change
      return [task, { change: `${origin}.${name}`, from: now[origin][name] ?? null, to, score }]
    }),
  )
}

/** In the head's unit: less is the rounding of the model. */
const WORTH_TELLING = 1e-5

/** The values that the model has learned of the attributes: of a number its quantiles. */
function changesOf(features: Features, changeable: readonly string[]): Change[] {
  const each = Math.max(1, Math.floor(CHANGES_MAX / Math.max(1, changeable.length)))
  const isChangeable = ({ origin, name }: { readonly origin: string; readonly name: string }): boolean =>
    changeable.includes(`${origin}.${name}`)
  const categories = features.categories
    .filter(isChangeable)
    .flatMap(({ origin, name, values }) =>
      isOrigin(origin) ? values.slice(0, each).map((to) => ({ origin, name, to })) : [],
    )
  const numbers = features.attributeNumbers
    .filter(isChangeable)
    .flatMap(({ origin, name, mean, boundaries }) =>
      isOrigin(origin)
        ? spread(boundaries.length > 0 ? boundaries : [mean], each).map((to) => ({ origin, name, to }))
        : [],
    )
  return [...categories, ...numbers]
}

/** At most so many of rising values, from the least to the greatest. */
function spread(values: readonly number[], countMax: number): readonly number[] {
  if (values.length <= countMax) return values
  const step = (values.length - 1) / Math.max(1, countMax - 1)
  return Array.from({ length: countMax }, (_, place) => values[Math.round(place * step)] ?? 0)
}

function isOrigin(origin: string): origin is ChangeableOrigin {
  return origin === 'user' || origin === 'context'
}

function changed(
  request: EncodeRequest,
  { change, now }: { readonly change: Change; readonly now: Readonly<Record<ChangeableOrigin, Attributes>> },
): EncodeRequest {
  const { origin, name, to } = change
  const attributes = { ...now[origin], [name]: to }
  return origin === 'context'
    ? { ...request, context: attributes }
    : { ...request, user: [{ knownAt: request.atMs, attributes }] }
}
