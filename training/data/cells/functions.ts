// Functions of SQL that are the service's own reading of a value: what few cells need, the database would take long
// to be told, and longer to make ready for each column.
import { DOUBLE, DuckDBScalarFunction, VARCHAR } from '@duckdb/node-api'
import type { DuckDBConnection, DuckDBDoubleVector, DuckDBType, DuckDBVarCharVector } from '@duckdb/node-api'
import { isMissing } from '../../../features/missing.ts'
import { readText, readTime } from '../../../features/read-time.ts'
import type { ReadTime } from '../../../features/read-time.ts'
import { spellCategory } from '../../../features/spelling.ts'
import { readVector } from '../../../features/vectors.ts'

type Cell = string | number | null

/** A function of a text, by a second one that is the same for all rows. */
interface TextFunction {
  readonly returns: DuckDBType
  readonly by: (setting: string) => (text: string) => Cell
}

const texts = (by: TextFunction['by']): TextFunction => ({ returns: VARCHAR, by })
const numbers = (by: TextFunction['by']): TextFunction => ({ returns: DOUBLE, by })

/** By the marks of what is missing, each a line of the setting. */
function byMarks(give: (text: string, isMark: boolean) => Cell): TextFunction['by'] {
  return (setting) => {
    const marks = setting.split('\n')
    return (text) => give(text, isMissing(text, marks))
  }
}

/** Of a text that may be a number, or that is none. */
function ofTime(give: (read: ReadTime) => Cell): TextFunction['by'] {
  return (kind) => (text) => give(kind === 'text' ? readText(text) : readTime(text))
}

function ofVector(give: (read: ReturnType<typeof readVector>) => Cell): TextFunction['by'] {
  return (length) => (text) => give(readVector(text, Number(length)))
}

/** By the name after `presage_`. */
const FUNCTIONS = {
  spell: texts(() => spellCategory),
  present: texts(byMarks((text, isMark) => (isMark ? null : text.trim()))),
  category: texts(byMarks((text, isMark) => (isMark ? null : spellCategory(text)))),
  /** 1 of a mark, 0 of another text. It gives no text back: a mark of UTF-8 at its start would be lost. */
  missing: numbers(byMarks((_, isMark) => Number(isMark))),
  /** Unix milliseconds; null of a wall clock. */
  moment: numbers(ofTime((read) => (read.kind === 'moment' ? read.ms : null))),
  /** Milliseconds as if it were UTC; null of a moment. */
  wall_clock: numbers(ofTime((read) => (read.kind === 'wallClock' ? read.ms : null))),
  /** Packed; null where there is none, or a fault. The setting is the length. */
  vector: texts(ofVector((read) => (read.ok ? read.value : null))),
  /** What is wrong with what stands where a vector should. */
  vector_fault: texts(ofVector((read) => (read.ok ? null : read.reason))),
  /** The name of the zone of a wall clock, blank where there is none. */
  zone: texts(ofTime((read) => (read.kind === 'wallClock' ? (read.zone ?? '') : null))),
} satisfies Readonly<Record<string, TextFunction>>

/** What is registered, without the `presage_` before it. */
export type FunctionName = keyof typeof FUNCTIONS

/** To be done once for an instance of the database: all of its connections know them. */
export function registerFunctions(connection: DuckDBConnection): void {
  for (const [name, { returns, by }] of Object.entries(FUNCTIONS)) {
    connection.registerScalarFunction(
      DuckDBScalarFunction.create({
        name: `presage_${name}`,
        parameterTypes: [VARCHAR, VARCHAR],
        returnType: returns,
        mainFunction: (_, input, output) => {
          const [cells, settings] = [0, 1].map((index) => input.getColumnVector(index))
          const of = by(String(settings?.getItem(0) ?? ''))
          const results = output as DuckDBVarCharVector | DuckDBDoubleVector
          for (let row = 0; row < input.rowCount; row += 1) {
            const text = cells?.getItem(row)
            const result = typeof text === 'string' ? of(text) : null
            results.setItem(row, result as null)
          }
          results.flush()
        },
      }),
    )
  }
}
