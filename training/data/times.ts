// SQL for cells that hold times.
import { NOT_MILLISECONDS } from '../../features/event.ts'
import type { TimeUnit } from '../../features/source.ts'
import type { Check } from './row-checks.ts'
import type { Values } from './values.ts'

/** A cell with a time. */
export interface TimeCell {
  /** What the cell is called where it is wrong. */
  readonly field: string
  readonly expression: string
  readonly unit: TimeUnit
}

const READABLE = {
  s: 'seconds since 1970',
  ms: 'milliseconds since 1970',
  us: 'microseconds since 1970',
  ns: 'nanoseconds since 1970',
  iso: 'an ISO 8601 time',
}
const MILLISECONDS = 'Unix milliseconds where a time is a number, not seconds and not a day such as 20260131'

/** SQL for times, and what must hold of them. */
export interface Times {
  /** Unix milliseconds; null where the cell cannot be read as a time. */
  readonly timeOf: (cell: Omit<TimeCell, 'field'>) => string
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

export function timesOf({ foundOf, presentOf, numberOf }: Values): Times {
  function timeOf({ expression, unit }: Omit<TimeCell, 'field'>): string {
    const number = numberOf(expression)
    if (unit === 's') return `round(${number} * 1000)`
    if (unit === 'ms') return `round(${number})`
    if (unit === 'us') return `round(${number} / 1e3)`
    if (unit === 'ns') return `round(${number} / 1e6)`
    return `coalesce(round(${number}), epoch_ms(try_cast(${foundOf(expression)} as timestamptz))::double)`
  }

  function pastChecks(cell: TimeCell, { isGiven }: { readonly isGiven: string }): Check[] {
    const { field } = cell
    const [found, time] = [foundOf(cell.expression), timeOf(cell)]
    const unreadable = `${isGiven} and not coalesce(isfinite(${time}), false)`
    const { from, until } = NOT_MILLISECONDS
    // Where the unit is declared, its author knows it.
    const otherUnit = `abs(${numberOf(cell.expression)}) >= ${from} and abs(${numberOf(cell.expression)}) < ${until}`
    return [
      { field, expected: READABLE[cell.unit], bad: unreadable, found },
      ...(cell.unit === 'iso' ? [{ field, expected: MILLISECONDS, bad: otherUnit, found }] : []),
      { field, expected: 'a time from 1970 on', bad: `${time} < 0`, found },
    ]
  }

  function futureCheck(
    { field, expression }: TimeCell,
    { atMs, nowMs }: { readonly atMs: string; readonly nowMs: number },
  ): Check {
    const expected = 'a time that is not in the future'
    return { field, expected, bad: `${atMs} > ${nowMs}`, found: foundOf(expression) }
  }

  return {
    timeOf,
    timeChecks: (cell, nowMs) => [
      ...pastChecks(cell, { isGiven: 'true' }),
      futureCheck(cell, { atMs: timeOf(cell), nowMs }),
    ],
    optionalTimeChecks: (cell, nowMs) => [
      ...pastChecks(cell, { isGiven: `${presentOf(cell.expression)} is not null` }),
      futureCheck(cell, { atMs: timeOf(cell), nowMs }),
    ],
    claimedTimeChecks: (cell, { atMostMs, nowMs }) => [
      ...pastChecks(cell, { isGiven: 'true' }),
      futureCheck(cell, { atMs: `least(${timeOf(cell)}, ${atMostMs})`, nowMs }),
    ],
  }
}
