// Rows that contradict each other: they are about the same and say different things. The first row of the
// file counts; what follows is a bad row, named by what it says otherwise.
import { memberOf } from '../cells/member.ts'
import type { Database } from '../database.ts'
import { ROW } from '../files/row-number.ts'
import type { Check } from '../cells/row-checks.ts'

export interface ConflictRequest {
  /** A checked table: with the number of the row, `fault` and `found`. */
  readonly table: string
  /** Columns that say what a row is about. */
  readonly key: readonly string[]
  /** A column with one JSON object, and those of its members that must agree. */
  readonly json: string
  readonly names: readonly string[]
  /** Whether a missing member differs from one that is there; otherwise it says nothing. */
  readonly missingDiffers: boolean
  /** Number of the check for the first name; the others follow. */
  readonly firstFault: number
}

/** What is said of rows that are marked, by name. `time` is what they agree in beside the id. */
export function conflictChecks(names: readonly string[], time = 'time'): Check[] {
  const expected = `what an earlier row says for the same ${time}`
  return names.map((field) => ({ field, expected, bad: '', found: '', namesId: true }))
}

/** Marks every row that contradicts the first of its key. */
export async function markConflicts(database: Database, request: ConflictRequest): Promise<void> {
  const { table, key, json, names, missingDiffers, firstFault } = request
  if (names.length === 0) return
  // Where missing says nothing, the first that says something counts.
  const first = missingDiffers ? 'arg_min_null' : 'arg_min'
  const differs = missingDiffers ? 'is distinct from' : '<>'
  const firsts = names.map((name, index) => `${first}(${memberOf(json, name)}, ${ROW}) as said_${index}`)
  await database.run(`create temp table firsts as select ${key.join(', ')}, ${firsts.join(', ')}
    from ${table} where fault is null group by ${key.join(', ')} having count(*) > 1`)
  const members = names.map((name) => memberOf(`${table}.${json}`, name))
  const conflicts = members.map((member, index) => `${member} ${differs} firsts.said_${index}`)
  const caseOf = (then: (index: number) => string): string =>
    `case ${conflicts.map((conflict, index) => `when ${conflict} then ${then(index)}`).join(' ')} end`
  await database.run(`update ${table} set fault = ${caseOf((index) => String(firstFault + index))},
    found = left(${caseOf((index) => members[index] ?? 'null')}, 80)
    from firsts where ${key.map((column) => `${table}.${column} = firsts.${column}`).join(' and ')}
    and ${table}.fault is null and (${conflicts.map((conflict) => `coalesce(${conflict}, false)`).join(' or ')})`)
  await database.run('drop table firsts')
}
