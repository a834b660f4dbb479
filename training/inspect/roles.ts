// Which column says whom, what, when, how much, and what came true: by names first, then by what cells are.
import type { Column } from './column.ts'
import { hintOf, saysCategory, saysDone, saysId, saysReach, saysRow, wordsOf } from './name-words.ts'

export interface Ranked {
  readonly column: Column
  /** Above 1 where all speaks for it, near 0 where it is a guess. */
  readonly score: number
}

/** So sure is a choice that nobody needs to be asked. */
export const SURE = 0.3
const GUESS = 0.1
/** What few rows carry, as purchases do, is a value all the same. */
const VALUE_SHARE_MIN = 0.001
const TYPES_MAX = 50
const CLASSES_MAX = 20
/** What a yes or no under the name of something done is worth as a label. */
const DONE_HINT = 0.4
const VERBS =
  /^(view|click|cart|add|remove|buy|purchase|order|pay|login|logout|visit|search|like|share|watch|read|play|signup|register|open|close|transaction|checkout|start|stop|complete|submit)/i

/** The best first; those after whom a row may be meant. */
export function rankUsers(columns: readonly Column[]): Ranked[] {
  return rank(columns, (column) => {
    if (!isName(column)) return 0
    const hint = hintOf(column.name, 'user')
    // Who is not logged in has no id of a user, but one of a visitor.
    const present = column.presentCount / Math.max(1, column.rowCount)
    if (hint > 0) return (hint + (saysId(column.name) ? 0.1 : 0)) * present
    const isOther = hintOf(column.name, 'item') > 0 || saysRow(column.name) || saysCategory(column.name)
    return column.kind === 'id' && !isOther && column.distinctCount < 0.5 * column.rowCount ? GUESS : 0
  })
}

export function rankItems(columns: readonly Column[], user: Column | undefined): Ranked[] {
  return rank(columns, (column) => {
    if (column === user || !isName(column) || hintOf(column.name, 'user') > 0.5 || saysReach(column.name))
      return 0
    const hint = hintOf(column.name, 'item')
    if (hint > 0) return hint + (saysId(column.name) ? 0.1 : 0)
    return column.kind === 'id' &&
      !saysRow(column.name) &&
      !saysCategory(column.name) &&
      !column.isIdLike &&
      hintOf(column.name, 'user') === 0
      ? GUESS
      : 0
  })
}

/** An id, or names under a name that says no more than whose they are. */
function isName({ kind, name, isConstant, isNearEmpty }: Column): boolean {
  if (isConstant || isNearEmpty) return false
  if (kind === 'id') return true
  const words = wordsOf(name)
  const endsInItem = hintOf(words.at(-1) ?? '', 'item') > 0
  return kind === 'category' && (saysId(name) || words.length === 1 || words.includes('name') || endsInItem)
}

/** Words of moments that are not when the row came about. */
const OTHER_TIMES = [
  'updated',
  'modified',
  'received',
  'end',
  'ended',
  'due',
  'first',
  'last',
  'until',
  'expires',
  'expiry',
]

/** Whether it says the day, and not the hour. */
function isDay({ time, sample }: Column): boolean {
  return time?.unit === 'day' || sample.every((cell) => !/\d:\d/.test(cell) && /^\d+\D\d+\D\d+$/.test(cell))
}

/** Moments, those of most rows first. */
export function rankTimes(columns: readonly Column[]): Ranked[] {
  return rank(columns, (own) => {
    const { kind, time, presentCount, rowCount, name } = own
    if (kind !== 'time' || time === undefined) return 0
    const words = wordsOf(name)
    const isBirth = words.some((word) => ['birth', 'dob', 'birthday', 'born'].includes(word))
    if (isBirth) return 0
    const isOther = words.some((word) => OTHER_TIMES.includes(word))
    const present = presentCount / Math.max(1, rowCount)
    return present * (time.unit === 'relative' ? 0.6 : 1) * (isOther ? 0.5 : 1) * (isDay(own) ? 0.8 : 1)
  })
}

/** What kind of event a row is. */
export function rankTypes(columns: readonly Column[]): Ranked[] {
  return rank(columns, (column) => {
    const { kind, name, distinctCount, presentCount, rowCount, sample } = column
    if (kind !== 'category' || distinctCount < 2 || distinctCount > TYPES_MAX || presentCount < rowCount)
      return 0
    const verbs = sample.filter((cell) => VERBS.test(cell)).length / Math.max(1, sample.length)
    const words = wordsOf(name)
    const areTypes =
      hintOf(name, 'type') > 0 && words.every((word) => hintOf(word, 'type') > 0 || saysRow(word))
    if (!areTypes && verbs < 0.5) return 0
    return (areTypes ? hintOf(name, 'type') : 0) + verbs
  })
}

export function rankValues(columns: readonly Column[]): Ranked[] {
  return rank(columns, ({ kind, name, presentCount, rowCount, isConstant }) =>
    kind === 'number' && !isConstant && presentCount >= VALUE_SHARE_MIN * rowCount
      ? hintOf(name, 'value')
      : 0,
  )
}

/** What came true, told by the row itself. */
export function rankLabels(columns: readonly Column[]): Ranked[] {
  return rank(columns, (column) => {
    const { name, kind, distinctCount, wholeCount, presentCount, index, isConstant, isNearEmpty } = column
    const isClasses =
      kind === 'boolean' || kind === 'category' || (kind === 'number' && wholeCount === presentCount)
    if (!isClasses || isConstant || isNearEmpty || distinctCount < 2 || distinctCount > CLASSES_MAX) return 0
    const hint = Math.max(hintOf(name, 'label'), kind === 'boolean' && saysDone(name) ? DONE_HINT : 0)
    const isLast = index === Math.max(...columns.map((other) => other.index))
    const isAlone = hint > 0 && wordsOf(name).length === 1
    if (hint === 0 && kind === 'number') return 0
    const base = hint + (isLast ? 0.3 : 0) + (isAlone ? 0.25 : 0) + (kind === 'boolean' ? 0.2 : 0)
    return base - (distinctCount > 5 ? 0.2 : 0)
  })
}

function rank(columns: readonly Column[], scoreOf: (column: Column) => number): Ranked[] {
  return columns
    .map((column) => ({ column, score: scoreOf(column) }))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score)
}
