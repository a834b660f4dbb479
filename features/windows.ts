// A history in numbers: for every event type, and for all types together, how many moments, days and lines
// fell into each window before the moment asked, how many moments a day that is, how many fell into each
// before the latest event, how long ago the latest was; sums of values; and the calendar of the moment. All
// are log1p of a count, a sum, a rate or seconds.
import { countedKinds } from './counted.ts'
import type { Counted, CountedList } from './counted.ts'
import type { Event } from './event.ts'
import { DAY_MS } from './project.ts'

/** What a history is counted by. The whole history is one more window after `windowsMs`. */
export interface WindowSpec {
  readonly eventTypes: readonly string[]
  readonly valueTypes: readonly string[]
  readonly windowsMs: readonly number[]
  readonly counted: CountedList
}

/** Stands for "never": longer than any recency that matters. */
const NEVER_SECONDS = 2 * 366 * 86_400
/** Rates of histories younger than this are read as if they were this old. */
const AGE_MIN_MS = 3_600_000

/** Names of the history numbers, in the order in which historyNumbers gives them. */
export function historyNumberNames(spec: WindowSpec): string[] {
  const windows = allWindows(spec)
  const groups = ['any', ...spec.eventTypes]
  const groupsOf = (kind: Counted): string[] => (countedKinds[kind].byType ? groups : ['any'])
  return [
    ...spec.counted.flatMap((kind) =>
      groupsOf(kind).flatMap((group) =>
        windowsOf(kind, windows).map((ms) => `${kind}:${group}:${windowName(ms)}`),
      ),
    ),
    ...groups.flatMap((group) => windows.map((ms) => `rate:${group}:${windowName(ms)}`)),
    ...groups.map((group) => `recency:${group}`),
    ...spec.valueTypes.flatMap((type) => windows.map((ms) => `sum:${type}:${windowName(ms)}`)),
    // How active somebody was when last seen: while they are silent the other counts fade, these do not.
    ...groups.flatMap((group) => spec.windowsMs.map((ms) => `last:${group}:${windowName(ms)}`)),
    // How long ago the first of the events was that are looked at, at most the latest 256.
    'age',
    'hour:sin',
    'hour:cos',
    'weekday:sin',
    'weekday:cos',
  ]
}

const UNITS = [
  { name: 'd', ms: DAY_MS },
  { name: 'h', ms: 3_600_000 },
  { name: 'min', ms: 60_000 },
  { name: 's', ms: 1_000 },
]

/** In the greatest unit that goes into it: '7d', '42h', '30min'. */
function windowName(ms: number): string {
  if (ms === Infinity) return 'all'
  const unit = UNITS.find((candidate) => ms % candidate.ms === 0)
  return unit === undefined ? `${ms}ms` : `${ms / unit.ms}${unit.name}`
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
  const windowsMs = allWindows(spec)
  const windowCount = windowsMs.length
  const groupByType = new Map(spec.eventTypes.map((type, index) => [type, index + 1]))
  const valueByType = new Map(spec.valueTypes.map((type, index) => [type, index]))
  const groupCount = spec.eventTypes.length + 1

  let length = 0
  /** Room for so many numbers of each group. */
  function reserve(count: number, groups: number = groupCount): number {
    const offset = length
    length += count * groups
    return offset
  }
  function countOver(kind: Counted, within: readonly number[]): Counter {
    const windows = windowsOf(kind, within)
    const groups = countedKinds[kind].byType ? groupByType : NO_GROUPS
    const offset = reserve(windows.length, groups.size + 1)
    return createCounter({ kind, windowsMs: windows, groupByType: groups, offset })
  }
  const counters = spec.counted.map((kind) => countOver(kind, windowsMs))
  const rates = reserve(windowCount)
  const recencies = reserve(1)
  const sums = reserve(windowCount, spec.valueTypes.length)
  const countLast = countOver(spec.counted[0], spec.windowsMs)
  const age = reserve(1, 1)
  const calendar = reserve(4, 1)

  return (history, atMs) => {
    const numbers = new Float64Array(length)
    numbers.fill(NEVER_SECONDS, recencies, sums)
    for (const count of counters) count(numbers, history, atMs)
    countLast(numbers, history, history.at(-1)?.occurredAt ?? atMs)
    for (const event of history) {
      const agoMs = atMs - event.occurredAt
      const group = groupByType.get(event.type)
      const value = valueByType.get(event.type)
      numbers[recencies] = agoMs / 1000
      if (group !== undefined) numbers[recencies + group] = agoMs / 1000
      if (value === undefined) continue
      for (let window = 0; window < windowCount; window += 1) {
        if (agoMs > at(windowsMs, window)) continue
        const place = sums + value * windowCount + window
        numbers[place] = at(numbers, place) + (event.value ?? 0)
      }
    }
    const first = history[0]
    const ageMs = first === undefined ? 0 : atMs - first.occurredAt
    for (let index = 0; rates + index < recencies; index += 1) {
      const coveredMs = Math.max(AGE_MIN_MS, Math.min(ageMs, at(windowsMs, index % windowCount)))
      // Visits stand first.
      numbers[rates + index] = (at(numbers, index) * DAY_MS) / coveredMs
    }
    numbers[age] = ageMs / 1000
    for (let index = 0; index <= age; index += 1) numbers[index] = signedLog1p(at(numbers, index))
    writeCalendar(numbers, calendar, atMs)
    return numbers
  }
}

function allWindows({ windowsMs }: WindowSpec): number[] {
  return [...windowsMs, Infinity]
}

function windowsOf(kind: Counted, windowsMs: readonly number[]): number[] {
  return windowsMs.filter((ms) => ms >= countedKinds[kind].windowMinMs)
}

const NO_GROUPS: ReadonlyMap<string, number> = new Map()

/** Writes its counts of a history, over windows that end at a moment. */
type Counter = (numbers: Float64Array, history: readonly Event[], untilMs: number) => void

interface CounterOptions {
  readonly kind: Counted
  readonly windowsMs: readonly number[]
  /** 1 for the first of the types; 0 stands for all types together. */
  readonly groupByType: ReadonlyMap<string, number>
  /** Where the counts go: all windows of the first group, then of the next. */
  readonly offset: number
}

/**
 * Counts into windows that end at a moment, in one walk back through the history: what is counted up to
 * where a window begins is its count, and the newest of what counts as one is in it where any of it is.
 */
function createCounter({ kind, windowsMs, groupByType, offset }: CounterOptions): Counter {
  const { keyOf } = countedKinds[kind]
  const windowCount = windowsMs.length
  const groupCount = groupByType.size + 1
  const rising = [...windowsMs.keys()].toSorted((a, b) => at(windowsMs, a) - at(windowsMs, b))

  return (numbers, history, untilMs) => {
    const counts = new Float64Array(groupCount)
    const latestKeys = new Float64Array(groupCount).fill(Number.NaN)
    const count = (group: number, key: number): void => {
      if (latestKeys[group] === key) return
      latestKeys[group] = key
      counts[group] = at(counts, group) + 1
    }
    const close = (window: number): void => {
      for (let group = 0; group < groupCount; group += 1) {
        numbers[offset + group * windowCount + window] = at(counts, group)
      }
    }
    let open = 0
    for (let place = history.length - 1; place >= 0 && open < windowCount; place -= 1) {
      const event = history[place]
      if (event === undefined) continue
      const agoMs = untilMs - event.occurredAt
      while (open < windowCount && agoMs > at(windowsMs, at(rising, open))) {
        close(at(rising, open))
        open += 1
      }
      const key = keyOf(event, place)
      count(0, key)
      const group = groupByType.get(event.type)
      if (group !== undefined) count(group, key)
    }
    for (; open < windowCount; open += 1) close(at(rising, open))
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
