// Whether the cells of a column are moments, and how those are written.
import { DAY_MS } from '../../features/project.ts'
import type { ColumnStatistics, TimeForm } from './column.ts'
import { formsOf } from './written-forms.ts'
import { saysDay, saysId, saysTime, wordsOf } from './name-words.ts'

/** So many of the cells must be what they are taken for. */
const SHARE_MIN = 0.98
const ISO = /^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?)?\s*(Z|UTC|[-+]\d{2}:?(\d{2})?)?$/i
const ZONE = /(Z|UTC|GMT|[-+]\d{2}:?(\d{2})?)$/i
const COMPACT_ISO = /^\d{8}T\d{6}Z?$/i

/** Moments since 1970 lie between 1990 and 2100. */
const [FROM_S, UNTIL_S] = [631_152_000, 4_102_444_800]
const SINCE_1970 = (['s', 'ms', 'us', 'ns'] as const).map((unit, index) => {
  const perSecond = 1_000 ** index
  return { unit, from: FROM_S * perSecond, until: UNTIL_S * perSecond }
})

export interface FoundTime {
  readonly form: TimeForm
  readonly because: string
}

/** Undefined where the cells are no moments. */
export function timeFormOf(column: ColumnStatistics): FoundTime | undefined {
  const { type, sample } = column
  if (type.startsWith('TIMESTAMP WITH TIME ZONE'))
    return { form: { unit: 'iso', hasZone: true }, because: `its type is ${type}` }
  if (/^(TIMESTAMP|DATE)/.test(type))
    return { form: { unit: 'iso', hasZone: false }, because: `its type is ${type}` }
  if (sample.length === 0) return undefined
  const isMostly = (test: (cell: string) => boolean): boolean =>
    sample.filter(test).length >= SHARE_MIN * sample.length
  if (isMostly((cell) => ISO.test(cell) || COMPACT_ISO.test(cell))) {
    const hasZone = sample.every((cell) => cell.length > 10 && ZONE.test(cell))
    return { form: { unit: 'iso', hasZone }, because: `reads as ISO 8601, as '${sample[0] ?? ''}'` }
  }
  // One of the first cells may be a mistake.
  for (const { pattern, format, dayFirst } of sample.slice(0, 3).flatMap(formsOf)) {
    if (!isMostly((cell) => pattern.test(cell))) continue
    const parts = sample.flatMap((cell) => {
      const [, first, second] = pattern.exec(cell) ?? []
      return first === undefined || second === undefined ? [] : [[Number(first), Number(second)]]
    })
    const isDayFirst = parts.some(([first = 0]) => first > 12)
    const isMonthFirst = parts.some(([, second = 0]) => second > 12)
    const chosen =
      dayFirst !== undefined && (isDayFirst || (!isMonthFirst && format.startsWith('%m.')))
        ? dayFirst
        : format
    const isAmbiguous = dayFirst !== undefined && !isDayFirst && !isMonthFirst && !format.startsWith('%m.')
    const form = {
      unit: 'iso',
      format: chosen,
      hasZone: format.endsWith('%z'),
      ...(isAmbiguous && { isAmbiguous }),
    } as const
    return { form, because: `reads as ${chosen}, as '${sample[0] ?? ''}'` }
  }
  return numericTime(column)
}

function numericTime(column: ColumnStatistics): FoundTime | undefined {
  const { name, numberCount, presentCount, wholeCount, sample, min, max, distinctCount } = column
  if (numberCount < SHARE_MIN * presentCount || min === undefined || max === undefined) return undefined
  const named = saysTime(name) && !saysId(name)
  const numbers = sample.map(Number)
  const lie = (from: number, until: number): boolean =>
    numbers.filter((number) => number >= from && number < until).length >= SHARE_MIN * numbers.length
  const isWhole = wholeCount >= SHARE_MIN * presentCount
  for (const { unit, from, until } of SINCE_1970) {
    // Without a name that says so, ids of ten digits look the same.
    if (
      lie(from, until) &&
      (named || (isWhole && !saysId(name) && distinctCount > 100 && max - min < (until - from) / 5))
    ) {
      return { form: { unit, hasZone: true }, because: `numbers of the size of ${unit} since 1970` }
    }
  }
  if (!named) return undefined
  const isDate = (cell: string): boolean => /^(19|20)\d{2}(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])$/.test(cell)
  if (isWhole && sample.filter(isDate).length >= SHARE_MIN * sample.length) {
    return {
      form: { unit: 'day', format: '%Y%m%d', hasZone: false },
      because: `eight digits are a date, as ${sample[0] ?? ''}`,
    }
  }
  if (lie(30_000, 60_000) && wholeCount < presentCount) {
    return {
      form: { unit: 'excel', hasZone: false },
      because: 'numbers of the size of days of a spreadsheet',
    }
  }
  return relativeTime(column)
}

/** Numbers that count from a moment which nobody tells: days where they are few, else seconds or milliseconds. */
function relativeTime({
  name,
  min = 0,
  max = 0,
  wholeCount,
  presentCount,
  distinctCount,
}: ColumnStatistics): FoundTime | undefined {
  if (distinctCount < 12) return undefined
  const span = max - min
  const isDay =
    saysDay(name) && wholeCount === presentCount && span < 20_000 && !wordsOf(name).includes('time')
  if (isDay && span <= 31 && min >= 0 && !wordsOf(name).includes('date')) return undefined
  const stepMs = isDay ? DAY_MS : span < 1e9 ? 1_000 : 1
  const unit = isDay ? 'days' : stepMs === 1_000 ? 'seconds' : 'milliseconds'
  return {
    form: { unit: 'relative', stepMs, hasZone: true },
    because: `its name says a time, and ${min} to ${max} are no time since 1970: taken for ${unit} from an unknown start`,
  }
}
