// How a moment of a column is written into a project: an expression, a unit, and what the reading must say.
import type { Reading, TimeUnit } from '../../features/source.ts'
import { quoteText } from '../data/database.ts'
import { sqlOf } from './column.ts'
import type { Column } from './column.ts'

/** Where time begins that only counts from a start which nobody tells: 2024-01-01, in seconds. */
export const START_S = 1_704_067_200

export interface TimeExpression {
  readonly expression: string
  readonly timeUnit: TimeUnit
  readonly reading: Reading
  /** What a reader of the project should know. */
  readonly comment: string | undefined
}

export function timeExpressionOf(own: Column): TimeExpression {
  const { name, member, time } = own
  const isPlain =
    member === undefined && /^[a-z_]\w*$/i.test(name) && !/^(timestamp|date|time|at|when)$/i.test(name)
  const column = isPlain ? name : sqlOf(own)
  const plain = { expression: column, timeUnit: 'iso', reading: {}, comment: undefined } as const
  if (time === undefined) return plain
  switch (time.unit) {
    case 'relative': {
      const seconds = (time.stepMs ?? 1_000) / 1_000
      const step = seconds === 1 ? '' : ` * ${seconds}`
      const expression = `${START_S} + ${column}::double${step}`
      return {
        ...plain,
        expression,
        timeUnit: 's',
        comment: 'The file counts from a start that it does not tell: taken for 2024-01-01.',
      }
    }
    case 'day':
      return {
        ...plain,
        expression: `strptime(${column}::varchar, ${quoteText('%Y%m%d')})`,
        comment: 'Eight digits are a date.',
      }
    case 'excel':
      return {
        ...plain,
        expression: `(${column}::double - 25569) * 86400`,
        timeUnit: 's',
        comment: 'Days of a spreadsheet, from 1899-12-30.',
      }
    case 'iso': {
      const comment = time.hasZone
        ? undefined
        : 'The file names no zone: UTC. `timeZone` in the reading says another.'
      return { ...plain, reading: time.format === undefined ? {} : { timeFormat: time.format }, comment }
    }
    case 's':
    case 'ms':
    case 'us':
    case 'ns':
      return { ...plain, timeUnit: time.unit }
  }
}
