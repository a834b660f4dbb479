// A history in numbers: for every event type, and for all types together, how many moments, days and lines
// fell into each window before the moment asked, how many moments a day that is, how many fell into each
// before the latest event, how long ago the latest was; sums of values; and the calendar of the moment. All
// are log1p of a count, a sum, a rate or seconds. Then how the windows compare with those before them, how
// regular visits are (gaps.ts), and what they were about (item-counts.ts).
import type { Attributes } from './attributes.ts'
import { countedKinds } from './counted.ts'
import type { Counted, CountedList } from './counted.ts'
import type { Event } from './event.ts'
import { GAP_NUMBERS, gapNumbers, NEVER_SECONDS, visitsByGroup } from './gaps.ts'
import { countedValues, createItemGroups } from './item-counts.ts'
import type { CategoryFeature } from './manifest.ts'
import { DAY_MS } from './project.ts'
import { createCounter } from './window-counter.ts'
import type { Counter } from './window-counter.ts'

/** What a history is counted by. The whole history is one more window after `windowsMs`. */
export interface WindowSpec {
  readonly eventTypes: readonly string[]
  readonly valueTypes: readonly string[]
  readonly windowsMs: readonly number[]
  readonly counted: CountedList
  /** Category attributes of items, the commonest values first. */
  readonly itemCategories: readonly CategoryFeature[]
}

/** What is known at a moment. */
export interface HistoryRequest {
  /** At or before the moment, in order. */
  readonly history: readonly Event[]
  readonly itemAttributes: (id: string) => Attributes
  readonly atMs: number
}

/** Rates of histories younger than this are read as if they were this old. */
const AGE_MIN_MS = 3_600_000

/** Names of the history numbers, in the order in which createHistoryNumbers gives them. */
export function historyNumberNames(spec: WindowSpec): string[] {
  const windows = allWindows(spec)
  const groups = ['any', ...spec.eventTypes]
  const groupsOf = (kind: Counted): string[] => (countedKinds[kind].byType ? groups : ['any'])
  const itemWindows = itemWindowsOf(spec)
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
    ...groups.flatMap((group) => spec.windowsMs.map((ms) => `trend:${group}:${windowName(ms)}`)),
    ...groups.flatMap((group) => GAP_NUMBERS.map((of) => `gap:${group}:${of}`)),
    ...countedValues(spec.itemCategories, itemWindows.length).flatMap(({ name, values }) =>
      values.flatMap((value) => itemWindows.map((ms) => `${ITEMS}:${name}:${windowName(ms)}:${value}`)),
    ),
  ]
}

const ITEMS = 'items'

/** Of which item category a number counts the visits; nothing for other numbers. */
export function itemCategoryOf(name: string): string | undefined {
  const [kind, category] = name.split(':')
  return kind === ITEMS ? category : undefined
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

/** Prepares the numbers of a history. */
export function createHistoryNumbers(spec: WindowSpec): (request: HistoryRequest) => Float64Array {
  const windowsMs = allWindows(spec)
  const windowCount = windowsMs.length
  const groupByType = new Map(spec.eventTypes.map((type, index) => [type, index + 1]))
  const valueByType = new Map(spec.valueTypes.map((type, index) => [type, index]))
  const groupsByType = new Map(spec.eventTypes.map((type, index) => [type, [0, index + 1]]))
  const groupCount = spec.eventTypes.length + 1
  const [visit] = spec.counted

  let length = 0
  /** Room for so many numbers of each group. */
  function reserve(count: number, groups: number = groupCount): number {
    const offset = length
    length += count * groups
    return offset
  }
  function countOver(kind: Counted, within: readonly number[]): Counter {
    const windows = windowsOf(kind, within)
    const groups = countedKinds[kind].byType ? groupCount : 1
    return createCounter({
      kind,
      windowsMs: windows,
      groupCount: groups,
      offset: reserve(windows.length, groups),
    })
  }
  const counters = spec.counted.map((kind) => countOver(kind, windowsMs))
  const rates = reserve(windowCount)
  const recencies = reserve(1)
  const sums = reserve(windowCount, spec.valueTypes.length)
  const countLast = countOver(visit, spec.windowsMs)
  const age = reserve(1, 1)
  const calendar = reserve(4, 1)
  const doubled = spec.windowsMs.map((ms) => 2 * ms)
  const trends = length
  const countDoubled = countOver(visit, doubled)
  const gaps = reserve(GAP_NUMBERS.length)
  const itemWindows = itemWindowsOf(spec)
  const values = countedValues(spec.itemCategories, itemWindows.length)
  const valueCount = values.reduce((sum, category) => sum + category.values.length, 0)
  const itemGroups = createItemGroups(values)
  const items = reserve(itemWindows.length, valueCount)
  const countItems = createCounter({
    kind: visit,
    windowsMs: itemWindows,
    groupCount: valueCount,
    offset: items,
  })

  return ({ history, itemAttributes, atMs }) => {
    const numbers = new Float64Array(length)
    const groups = history.map(({ type }) => groupsByType.get(type) ?? ANY)
    const now = { history, groups, untilMs: atMs }
    numbers.fill(NEVER_SECONDS, recencies, sums)
    for (const count of counters) count(numbers, now)
    countLast(numbers, { ...now, untilMs: history.at(-1)?.occurredAt ?? atMs })
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
    countDoubled(numbers, now)
    if (valueCount > 0) countItems(numbers, { ...now, groups: history.map(itemGroups(itemAttributes)) })
    for (let index = trends; index < gaps; index += 1) {
      const [group, window] = splitPlace(index - trends, doubled.length)
      const within = at(numbers, group * windowCount + window)
      numbers[index] = Math.log((within + 1) / (at(numbers, index) - within + 1))
    }
    for (let index = 0; index <= age; index += 1) numbers[index] = signedLog1p(at(numbers, index))
    for (let index = items; index < length; index += 1) numbers[index] = Math.log1p(at(numbers, index))
    for (const [group, visits] of visitsByGroup(history, { visit, groupByType }).entries()) {
      numbers.set(gapNumbers(visits, atMs), gaps + group * GAP_NUMBERS.length)
    }
    writeCalendar(numbers, calendar, atMs)
    return numbers
  }
}

const ANY = [0]

/** Row and column of a place in a table of so many columns. */
function splitPlace(place: number, width: number): [number, number] {
  return [Math.floor(place / width), place % width]
}

function allWindows({ windowsMs }: WindowSpec): number[] {
  return [...windowsMs, Infinity]
}

/** What visits were about changes slowly: a window in the middle, and the whole history. */
function itemWindowsOf({ windowsMs }: WindowSpec): number[] {
  return [...windowsMs.slice(windowsMs.length >> 1).slice(0, 1), Infinity]
}

function windowsOf(kind: Counted, windowsMs: readonly number[]): number[] {
  return windowsMs.filter((ms) => ms >= countedKinds[kind].windowMinMs)
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
