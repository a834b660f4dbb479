// A history in numbers: for every event type, and for all types together, how many events fell into
// each window before the moment asked, how many a day that is, how many fell into each before the latest
// event, how long ago the latest was; sums of values; and the calendar of the moment. All are log1p of a
// count, a sum, a rate or seconds.
import type { Event } from './event.ts'
import { DAY_MS } from './project.ts'

/** What a history is counted by. The whole history is one more window after `windowsMs`. */
export interface WindowSpec {
  readonly eventTypes: readonly string[]
  readonly valueTypes: readonly string[]
  readonly windowsMs: readonly number[]
}

/** Stands for "never": longer than any recency that matters. */
const NEVER_SECONDS = 2 * 366 * 86_400
/** Rates of histories younger than this are read as if they were this old. */
const AGE_MIN_MS = 3_600_000

/** Names of the history numbers, in the order in which historyNumbers gives them. */
export function historyNumberNames(spec: WindowSpec): string[] {
  const windows = [...spec.windowsMs.map((ms) => `${ms / DAY_MS}d`), 'all']
  const groups = ['any', ...spec.eventTypes]
  return [
    ...groups.flatMap((group) => windows.map((window) => `count:${group}:${window}`)),
    ...groups.flatMap((group) => windows.map((window) => `rate:${group}:${window}`)),
    ...groups.map((group) => `recency:${group}`),
    ...spec.valueTypes.flatMap((type) => windows.map((window) => `sum:${type}:${window}`)),
    // How active somebody was when last seen: while they are silent the other counts fade, these do not.
    ...groups.flatMap((group) => windows.slice(0, -1).map((window) => `last:${group}:${window}`)),
    // How long ago the first of the events was that are looked at, at most the latest 256.
    'age',
    'hour:sin',
    'hour:cos',
    'weekday:sin',
    'weekday:cos',
  ]
}

/** How long the cycle lasts that a history number tells the place in; nothing for other numbers. */
export function cycleMsOf(name: string): number | undefined {
  if (name.startsWith('hour:')) return DAY_MS
  return name.startsWith('weekday:') ? 7 * DAY_MS : undefined
}

/** Prepares the numbers of a history, whose events lie at or before the moment and in order. */
export function createHistoryNumbers(
  spec: WindowSpec,
): (history: readonly Event[], atMs: number) => Float64Array {
  const windowsMs = [...spec.windowsMs, Number.POSITIVE_INFINITY]
  const windowCount = windowsMs.length
  const groupByType = new Map(spec.eventTypes.map((type, index) => [type, index + 1]))
  const valueByType = new Map(spec.valueTypes.map((type, index) => [type, index]))
  const groupCount = spec.eventTypes.length + 1
  const rates = groupCount * windowCount
  const recencies = 2 * rates
  const sums = recencies + groupCount
  const lasts = sums + spec.valueTypes.length * windowCount
  const lastCount = spec.windowsMs.length
  const calendar = lasts + groupCount * lastCount
  const length = calendar + 5

  return (history, atMs) => {
    const numbers = new Float64Array(length)
    numbers.fill(NEVER_SECONDS, recencies, sums)
    const latestMs = history.at(-1)?.occurredAt ?? atMs
    for (const event of history) {
      const agoMs = atMs - event.occurredAt
      const group = groupByType.get(event.type)
      const value = valueByType.get(event.type)
      for (let window = 0; window < windowCount; window += 1) {
        if (agoMs > at(windowsMs, window)) continue
        add(numbers, window, 1)
        if (group !== undefined) add(numbers, group * windowCount + window, 1)
        if (value !== undefined) add(numbers, sums + value * windowCount + window, event.value ?? 0)
      }
      for (let window = 0; window < lastCount; window += 1) {
        if (latestMs - event.occurredAt > at(windowsMs, window)) continue
        add(numbers, lasts + window, 1)
        if (group !== undefined) add(numbers, lasts + group * lastCount + window, 1)
      }
      numbers[recencies] = agoMs / 1000
      if (group !== undefined) numbers[recencies + group] = agoMs / 1000
    }
    const first = history[0]
    const ageMs = first === undefined ? 0 : atMs - first.occurredAt
    for (let index = 0; index < rates; index += 1) {
      const coveredMs = Math.max(AGE_MIN_MS, Math.min(ageMs, at(windowsMs, index % windowCount)))
      numbers[rates + index] = (at(numbers, index) * DAY_MS) / coveredMs
    }
    numbers[calendar] = ageMs / 1000
    for (let index = 0; index <= calendar; index += 1) numbers[index] = signedLog1p(at(numbers, index))
    writeCalendar(numbers, calendar + 1, atMs)
    return numbers
  }
}

/** Hour of the day and day of the week (UTC) as points on a circle. */
function writeCalendar(numbers: Float64Array, offset: number, atMs: number): void {
  const day = (2 * Math.PI * (atMs % DAY_MS)) / DAY_MS
  const week = (2 * Math.PI * (Math.floor(atMs / DAY_MS) % 7)) / 7
  numbers[offset] = Math.sin(day)
  numbers[offset + 1] = Math.cos(day)
  numbers[offset + 2] = Math.sin(week)
  numbers[offset + 3] = Math.cos(week)
}

function signedLog1p(value: number): number {
  return value < 0 ? -Math.log1p(-value) : Math.log1p(value)
}

function at(values: ArrayLike<number>, index: number): number {
  return values[index] ?? 0
}

function add(values: Float64Array, index: number, amount: number): void {
  values[index] = at(values, index) + amount
}
