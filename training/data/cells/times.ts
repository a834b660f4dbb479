// SQL for cells that hold times: what features/read-time.ts reads, made of its tables and its pattern, and
// beside it the units, zones and forms that a source names. Each row is read by itself: DuckDB's own cast of
// texts with named zones reads the rows after them in those.
import { CLOCK_TOLERANCE_MS } from '../../../features/limits.ts'
import { NUMBER_PATTERN, NUMBER_UNITS } from '../../../features/read-time.ts'
import type { Reading, TimeUnit } from '../../../features/source.ts'
import { bindBy } from './bind.ts'
import type { Bind, Keep } from './bind.ts'
import { quoteText } from '../database.ts'
import { call } from './call.ts'
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
  /** Where values stand that are used often; within the expression where absent. */
  readonly keep?: Keep | undefined
  readonly typeOf: (expression: string) => string | undefined
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

/** As most programs write a time, which is then read in one step. */
const PLAIN_CLOCK = '[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{3})?'
/** Of so many digits none spells a date, and each is of one unit. */
const PLAIN_SECONDS = '[1-9][0-9]{9}'
const PLAIN_MILLISECONDS = '[1-9][0-9]{12}'

export function timesOf(
  { timeZone = 'UTC', timeFormat }: Reading,
  { values, foundIn, keep, typeOf }: TimeParts,
): Times {
  const { presentOf, numberOf } = values
  const inZone = inZoneOf(timeZone)
  const bind = bindBy(keep)
  const kept: Keep = keep ?? ((sql) => sql)

  const timeOf: Times['timeOf'] = (cell) => kept(readTime(cell))

  /** Whether a cell is plainly a time; undefined where that is not to be told. */
  function plainOf(expression: string): string | undefined {
    if (timeFormat !== undefined || typeOf(expression) !== 'VARCHAR') return undefined
    const clock = `${PLAIN_CLOCK}Z${isUtc(timeZone) ? '?' : ''}`
    return kept(`regexp_full_match(${expression}, '${clock}|${PLAIN_SECONDS}|${PLAIN_MILLISECONDS}')`)
  }

  function readTime({ expression, unit }: Omit<TimeCell, 'field'>): string {
    if (unit !== 'iso') return fromUnit(numberOf(expression), unit)
    const plain = plainOf(expression)
    return bind({ value: presentOf(expression, plain), name: 'text', unless: plain }, (text) => {
      if (timeFormat !== undefined) {
        const formed = `try_strptime(${text}, ${quoteText(timeFormat)})`
        const ms = /%z/i.test(timeFormat) ? `epoch_ms(${formed})` : inZone(formed)
        return `coalesce(${ms}, ${fromText(text, { inZone, bind, kind: 'text' })})::double`
      }
      const ofText = fromText(text, { inZone, bind, kind: 'any', unless: plain })
      if (plain === undefined) return ofText
      return `case when not coalesce(${plain}, false) then ${ofText} when strlen(${expression}) = 13 then try_cast(${expression} as double)
        when strlen(${expression}) = 10 then 1000 * try_cast(${expression} as double)
        else epoch_ms(try_cast(${expression} as timestamp))::double end`
    })
  }

  function pastChecks(cell: TimeCell, { isGiven }: { readonly isGiven: string }): Check[] {
    const { field, unit, expression } = cell
    const [found, time] = [foundIn(expression), timeOf(cell)]
    const unreadable = `${isGiven} and not coalesce(isfinite(${time}), false)`
    const present = presentOf(expression, unit === 'iso' ? plainOf(expression) : undefined)
    const isNumber = `coalesce(regexp_full_match(${present}, ${quoteText(NUMBER_PATTERN)}), false)`
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

  function whetherGiven({ expression, unit }: TimeCell): string {
    const plain = unit === 'iso' ? plainOf(expression) : undefined
    const given = `${presentOf(expression, plain)} is not null`
    return plain === undefined ? given : `(${plain} or ${given})`
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
      ...pastChecks(cell, { isGiven: whetherGiven(cell) }),
      futureCheck(cell, { atMs: timeOf(cell), nowMs }),
    ],
    claimedTimeChecks: (cell, { atMostMs, nowMs }) => [
      ...pastChecks(cell, { isGiven: 'true' }),
      futureCheck(cell, { atMs: `least(${timeOf(cell)}, ${atMostMs})`, nowMs }),
    ],
  }
}

function isUtc(timeZone: string): boolean {
  return /^(?:etc\/)?(?:utc|gmt)$/i.test(timeZone)
}

/** SQL of a moment from the SQL of a timestamp that is a wall clock. */
type InZone = (timestamp: string) => string

/**
 * Of the hour that comes twice when clocks are put back the second counts, and the hour that clocks skip is
 * counted on from before it.
 */
function inZoneOf(timeZone: string): InZone {
  if (isUtc(timeZone)) return (timestamp) => `epoch_ms(${timestamp})`
  return (timestamp) => `epoch_ms(timezone(${quoteText(timeZone)}, ${timestamp}))`
}

function fromUnit(number: string, unit: Exclude<TimeUnit, 'iso'>): string {
  const perSecond = NUMBER_UNITS.find((known) => known.unit === unit)?.perSecond ?? 1
  return perSecond <= 1e3 ? `round(${number} * ${1e3 / perSecond})` : `round(${number} / ${perSecond / 1e3})`
}

interface TextTime {
  readonly inZone: InZone
  readonly bind: Bind
  /** Whether a number is one. */
  readonly kind: 'any' | 'text'
  /** On which nobody asks for it. */
  readonly unless?: string | undefined
}

/** What `features/read-time.ts` reads of a text; a wall clock in its zone. */
function fromText(text: string, { inZone, bind, kind, unless }: TextTime): string {
  return bind({ value: call('moment', text, kind), name: 'moment', unless }, (moment) => {
    const isRead = unless === undefined ? `${moment} is not null` : `(${unless} or ${moment} is not null)`
    return bind({ value: call('zone', text, kind), name: 'zone', unless: isRead }, (zone) => {
      // Whole numbers: microseconds after the year 2255 are no doubles.
      const timestamp = `make_timestamp(${call('wall_clock', text, kind)}::bigint * 1000)`
      return `case when ${moment} is not null then ${moment} when ${zone} = '' then ${inZone(timestamp)}::double
        when ${zone} is not null then epoch_ms(try_cast(${timestamp}::varchar || ' ' || ${zone} as timestamptz))::double end`
    })
  })
}
