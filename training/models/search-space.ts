// Over which of its settings a family is searched, and between which values. A range is a stretch from 0 to 1 and
// the value at each place of it, so that drawing and moving a little are the same for all kinds.
import type { Random } from '../../features/random.ts'
import type { Settings } from './family.ts'

export interface Range {
  /** At a place from 0 to 1. */
  readonly valueAt: (place: number) => Settings[string]
  /** Of a value; where it lies outside, the nearest end. */
  readonly placeOf: (value: Settings[string] | undefined) => number
}

/** By the name of the setting. */
export type SearchSpace = Readonly<Record<string, Range>>

interface Ends {
  readonly from: number
  readonly to: number
}

/** Numbers with three digits, drawn evenly. */
export function evenly({ from, to }: Ends): Range {
  return {
    valueAt: (place) => Number((from + place * (to - from)).toPrecision(3)),
    placeOf: (value) => clamp((Number(value) - from) / (to - from)),
  }
}

/** Numbers with three digits, each factor as likely as any: 0.01 to 0.1 as 0.1 to 1. */
export function byFactors({ from, to }: Ends): Range {
  const even = evenly({ from: Math.log(from), to: Math.log(to) })
  return {
    valueAt: (place) => Number((from * (to / from) ** place).toPrecision(3)),
    placeOf: (value) => even.placeOf(Math.log(Number(value))),
  }
}

/** Whole numbers, each factor as likely as any. */
export function wholeByFactors(ends: Ends): Range {
  const { valueAt, placeOf } = byFactors(ends)
  return { valueAt: (place) => Math.round(Number(valueAt(place))), placeOf }
}

/** One of these, in an order in which neighbours resemble each other. */
export function oneOf(values: readonly Settings[string][]): Range {
  return {
    valueAt: (place) =>
      values[Math.min(values.length - 1, Math.floor(place * values.length))] ?? values[0] ?? '',
    placeOf: (value) =>
      value === undefined || !values.includes(value) ? 0.5 : (values.indexOf(value) + 0.5) / values.length,
  }
}

/** Settings of this space anywhere in it. */
export function drawAnywhere(space: SearchSpace, random: Random): Settings {
  return mapRanges(space, ({ valueAt }) => valueAt(random.next()))
}

/** How far a setting moves, as a share of its range. */
const STEP = 0.15

/** Settings like these, each moved a little. */
export function drawNear(space: SearchSpace, settings: Settings, random: Random): Settings {
  return mapRanges(space, ({ valueAt, placeOf }, name) =>
    valueAt(clamp(placeOf(settings[name]) + STEP * random.normal())),
  )
}

function mapRanges(space: SearchSpace, valueOf: (range: Range, name: string) => Settings[string]): Settings {
  return Object.fromEntries(Object.entries(space).map(([name, range]) => [name, valueOf(range, name)]))
}

function clamp(place: number): number {
  return Number.isNaN(place) ? 0.5 : Math.min(1, Math.max(0, place))
}
