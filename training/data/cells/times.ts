// SQL for cells that hold times: what features/read-time.ts reads, made of its tables and its pattern, and
// beside it the units, zones and forms that a source names. Each row is read by itself: DuckDB's own cast of
// texts with named zones reads the rows after them in those.
import { CLOCK_TOLERANCE_MS } from '../../../features/limits.ts'
import {
  DIGIT_DATES,
  NUMBER_END,
  NUMBER_PATTERN,
  NUMBER_UNITS,
  TIME_PATTERN,
} from '../../../features/read-time.ts'
import type { Reading, TimeUnit } from '../../../features/source.ts'
import { bind } from './bind.ts'
import { quoteText } from '../database.ts'
import type { Check } from './row-checks.ts'
import type { Values } from './values.ts'

/** A cell with a time. */
export interface TimeCell {
  /** What the cell is called where it is wrong. */
  readonly field: string
  readonly expression: string
  readonly unit: TimeUnit
}

/** SQL for times, and what must hold of them. */
export interface Times {
  /** Unix milliseconds; null where the cell cannot be read as a time. */
  readonly timeOf: (cell: Omit<TimeCell, 'field'>) => string
  /** Likewise; of a clock a little ahead of `nowMs`, which the checks let pass, that moment. */
  readonly pastTimeOf: (cell: Omit<TimeCell, 'field'>, nowMs: number) => string
  /** A time that must be there. */
  readonly timeChecks: (cell: TimeCell, nowMs: number) => Check[]
  /** A time that may be missing. */
  readonly optionalTimeChecks: (cell: TimeCell, nowMs: number) => Check[]
  /** A time that must be there, and may lie ahead of the clock that another cell was written by. */
  readonly claimedTimeChecks: (
    cell: TimeCell,
    settled: { readonly atMostMs: string; readonly nowMs: number },
  ) => Check[]
}

export interface TimeParts {
  readonly values: Values
  /** What stands there, or in the cells that it is computed from, for messages. */
  readonly foundIn: (expression: string) => string
  /** Gives a shorter name to SQL. */
  readonly keep: (sql: string) => string
}

const EXPECTED = {
  s: 'seconds since 1970',
  ms: 'milliseconds since 1970',
  us: 'microseconds since 1970',
  ns: 'nanoseconds since 1970',
  iso: "an ISO 8601 time (other forms by the source's timeFormat, such as '%d/%m/%Y %H:%M')",
}
const EXPECTED_UNIT =
  'a time whose unit its size tells (from 100000000 seconds on, 1973): write timeUnit, or for the days of a ' +
  "spreadsheet (column::double - 25569) * 86400 with timeUnit: 's'"

export function timesOf(
  { timeZone = 'UTC', timeFormat }: Reading,
  { values, foundIn, keep }: TimeParts,
): Times {
  const { presentOf, numberOf } = values
  const inZone = inZoneOf(timeZone)

  const timeOf: Times['timeOf'] = (cell) => keep(readTime(cell))

  function readTime({ expression, unit }: Omit<TimeCell, 'field'>): string {
    if (unit !== 'iso') return fromUnit(numberOf(expression), unit)
    return bind(presentOf(expression), 'text', (text) => {
      if (timeFormat !== undefined) {
        const formed = `try_strptime(${text}, ${quoteText(timeFormat)})`
        const ms = /%z/i.test(timeFormat) ? `epoch_ms(${formed})` : inZone(formed)
        return `coalesce(${ms}, ${fromText(text, inZone)})::double`
      }
      return `(case when ${text} like '____-__-__T__:__:__Z' or ${text} like '____-__-__T__:__:__.___Z'
        then epoch_ms(try_cast(${text} as timestamp))
        when regexp_full_match(${text}, ${quoteText(NUMBER_PATTERN)})
        then ${bind(`try_cast(${text} as double)`, 'number', (number) => fromNumber(number, inZone))}
        else ${fromText(text, inZone)} end)::double`
    })
  }

  function pastChecks(cell: TimeCell, { isGiven }: { readonly isGiven: string }): Check[] {
    const { field, unit, expression } = cell
    const [found, time] = [foundIn(expression), timeOf(cell)]
    const unreadable = `${isGiven} and not coalesce(isfinite(${time}), false)`
    const isNumber = `coalesce(regexp_full_match(${presentOf(expression)}, ${quoteText(NUMBER_PATTERN)}), false)`
    return [
      ...(unit === 'iso' && timeFormat === undefined
        ? [{ field, expected: EXPECTED_UNIT, bad: `${unreadable} and ${isNumber}`, found }]
        : []),
      {
        field,
        expected:
          unit === 'iso' && timeFormat !== undefined ? `a time as ${timeFormat} says` : EXPECTED[unit],
        bad: unreadable,
        found,
      },
      { field, expected: 'a time from 1970 on', bad: `${time} < 0`, found },
    ]
  }

  function futureCheck(
    { field, expression }: TimeCell,
    { atMs, nowMs }: { readonly atMs: string; readonly nowMs: number },
  ): Check {
    const expected = 'a time that is not in the future'
    return { field, expected, bad: `${atMs} > ${nowMs + CLOCK_TOLERANCE_MS}`, found: foundIn(expression) }
  }

  return {
    timeOf,
    pastTimeOf: (cell, nowMs) =>
      `case when ${timeOf(cell)} > ${nowMs} then ${nowMs} else ${timeOf(cell)} end`,
    timeChecks: (cell, nowMs) => [
      ...pastChecks(cell, { isGiven: 'true' }),
      futureCheck(cell, { atMs: timeOf(cell), nowMs }),
    ],
    optionalTimeChecks: (cell, nowMs) => [
      ...pastChecks(cell, { isGiven: `${keep(presentOf(cell.expression))} is not null` }),
      futureCheck(cell, { atMs: timeOf(cell), nowMs }),
    ],
    claimedTimeChecks: (cell, { atMostMs, nowMs }) => [
      ...pastChecks(cell, { isGiven: 'true' }),
      futureCheck(cell, { atMs: `least(${timeOf(cell)}, ${atMostMs})`, nowMs }),
    ],
  }
}

/** SQL of a moment from the SQL of a timestamp that is a wall clock. */
type InZone = (timestamp: string) => string

/**
 * Of the hour that comes twice when clocks are put back the second counts, and the hour that clocks skip is
 * counted on from before it.
 */
function inZoneOf(timeZone: string): InZone {
  if (/^(?:etc\/)?(?:utc|gmt)$/i.test(timeZone)) return (timestamp) => `epoch_ms(${timestamp})`
  return (timestamp) => `epoch_ms(timezone(${quoteText(timeZone)}, ${timestamp}))`
}

function fromUnit(number: string, unit: Exclude<TimeUnit, 'iso'>): string {
  const perSecond = NUMBER_UNITS.find((known) => known.unit === unit)?.perSecond ?? 1
  return perSecond <= 1e3 ? `round(${number} * ${1e3 / perSecond})` : `round(${number} / ${perSecond / 1e3})`
}

/** A bare number: digits that spell a date, else of the unit that its size tells. */
function fromNumber(number: string, inZone: InZone): string {
  const dates = DIGIT_DATES.map(({ digits, from, until, isRead }) => {
    const format = '%Y%m%d%H%M%S'.slice(0, digits - 2)
    const date = `try_strptime(${number}::bigint::varchar, '${format}')`
    return `when ${number} between ${from} and ${until} and ${number} = floor(${number}) and ${date} is not null
      then ${isRead ? `${inZone(date)}::double` : 'null'}`
  })
  const units = NUMBER_UNITS.toReversed().map(
    ({ unit, from }) => `when ${number} >= ${from} then ${fromUnit(number, unit)}`,
  )
  return `case when ${number} >= ${NUMBER_END} then null ${dates.join(' ')} ${units.join(' ')} end`
}

/** ISO 8601 and its kin: the parts by the pattern, then the wall clock, then its zone. */
function fromText(text: string, inZone: InZone): string {
  const groups = `regexp_extract(${text}, ${quoteText(`^${TIME_PATTERN}$`)}, ['date', 'clock', 'fraction', 'zone'])`
  return bind(groups, 'parts', (parts) =>
    bind(wallClock(parts), 'clock', (clock) =>
      bind(`upper(${parts}.zone)`, 'zone', (zone) => {
        const offset = `regexp_replace(${zone}, '^[A-Z]+|:', '', 'g')`
        const minutes = `(${offset}[2:3]::integer * 60 + coalesce(try_cast(${offset}[4:5] as integer), 0))`
        return `case when ${zone} = '' then ${inZone(clock)}
          when ${zone} in ('Z', 'UTC', 'GMT') then epoch_ms(${clock})
          when contains(${zone}, '/') then epoch_ms(try_cast(${clock}::varchar || ' ' || ${parts}.zone as timestamptz))
          else epoch_ms(${clock}) - 60000 * case ${offset}[1] when '-' then -${minutes} else ${minutes} end end`
      }),
    ),
  )
}

/** A timestamp; null where there is no such day or hour. */
function wallClock(parts: string): string {
  const date = `case when regexp_matches(${parts}.date, '^[0-9]+$')
    then ${parts}.date[1:4] || '-' || ${parts}.date[5:6] || '-' || ${parts}.date[7:8]
    else replace(${parts}.date, '/', '-') end`
  const digits = `replace(${parts}.clock, ':', '')`
  const even = `case when length(${digits}) % 2 = 1 then '0' || ${digits} else ${digits} end`
  return bind(even, 'digits', (clock) => {
    const fraction = `case when ${parts}.fraction = '' then '0' when length(${clock}) = 6 then ${parts}.fraction end`
    return `try_cast(${date} || ' ' || rpad(${clock}[1:2], 2, '0') || ':' || rpad(${clock}[3:4], 2, '0') || ':'
      || rpad(${clock}[5:6], 2, '0') || '.' || ${fraction} as timestamp)`
  })
}
