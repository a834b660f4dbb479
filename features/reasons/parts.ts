// What an answer may be explained by: each attribute, what was done of each type of event, the latest events one
// by one. A part is where its numbers stand in the inputs, and how they read of somebody typical.
import type { Encoded } from '../encode.ts'
import type { FeatureSpan } from '../layout.ts'
import type { Manifest } from '../manifest.ts'
import { typicalSpans } from './typical.ts'

export interface ReasonPart {
  /** The group of the layout, 'user.plan', 'history.view'; of one event 'event.1', 1 for the latest. */
  readonly name: string
  /** Present for one event: 1 for the latest. */
  readonly eventRank?: number
  readonly places: readonly Place[]
}

/** Numbers of an input, from `from` on, as they read of somebody typical. */
interface Place {
  readonly input: string
  readonly from: number
  readonly baseline: readonly number[]
}

/** Prepares the parts once; `eventsMax` of the latest events stand for themselves, older ones are one part. */
export function reasonParts(
  manifest: Pick<Manifest, 'features' | 'reference'>,
  { eventsMax }: { readonly eventsMax: number },
): ReasonPart[] {
  const length = manifest.features.sequenceLength
  const alone = Math.min(eventsMax, length)
  const spans = typicalSpans(manifest)
  const [sequence, others] = [
    spans.filter(({ group }) => group === 'sequence'),
    spans.filter(({ group }) => group !== 'sequence'),
  ]
  const grouped = Map.groupBy(others, ({ group }) => group)
  const events = Array.from({ length: alone }, (_, index) => ({
    name: `event.${index + 1}`,
    eventRank: index + 1,
    places: sequence.map((span) => eventsOf(span, { length, from: length - 1 - index, count: 1 })),
  }))
  const older = sequence.map((span) => eventsOf(span, { length, from: 0, count: length - alone }))
  return [
    ...Array.from(grouped, ([name, own]) => ({
      name,
      places: own.map(({ input, from, baseline }) => ({ input, from, baseline })),
    })),
    ...events,
    ...(length > alone ? [{ name: 'earlier', places: older }] : []),
  ]
}

/** Whether a row says anything of a part that is not typical. */
export function isTold({ places }: ReasonPart, row: Encoded): boolean {
  return places.some(({ input, from, baseline }) =>
    baseline.some((value, index) => row[input]?.[from + index] !== value),
  )
}

/** Writes how parts read of somebody typical into a row that begins at `offsets` of each input. */
export function eraseParts(
  inputs: Encoded,
  row: number,
  { parts, widths }: { readonly parts: readonly ReasonPart[]; readonly widths: ReadonlyMap<string, number> },
): void {
  for (const { places } of parts) {
    for (const { input, from, baseline } of places) {
      const values = inputs[input]
      const start = row * (widths.get(input) ?? 0) + from
      if (values === undefined) continue
      // Not by set() nor by an iterator: of a handful of numbers either takes ten times as long.
      for (let at = 0; at < baseline.length; at += 1) values[start + at] = baseline[at] ?? 0
    }
  }
}

interface Events {
  readonly length: number
  readonly from: number
  readonly count: number
}

function eventsOf(span: FeatureSpan, { length, from, count }: Events): Place {
  const width = span.length / length
  const first = from * width
  return {
    input: span.input,
    from: span.from + first,
    baseline: span.baseline.slice(first, first + count * width),
  }
}
