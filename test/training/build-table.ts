// Small made tables for the tests of training.
import { undated } from '../../features/attributes.ts'
import { category, defineProject, label, number } from '../../features/project.ts'
import { createRandom } from '../../features/random.ts'
import type { DataSet, UserRecord } from '../../training/data/data-set.ts'
import { NO_FILES } from '../../training/data/report/report.ts'

export const smallTable = defineProject({
  name: 'small-table',
  user: { size: number(), colour: category() },
  tasks: { kind: label(['a', 'b', 'c']) },
})

/** One row a kind; the colour tells the kind nine times of ten, the size a little. */
export function buildRows(kinds: readonly string[], seed = 1): UserRecord[] {
  const random = createRandom(seed)
  const colours: Readonly<Record<string, string>> = { a: 'amber', b: 'blue', c: 'crimson' }
  return kinds.map((kind, index) => ({
    userId: `row-${index}`,
    versions: undated({
      size: random.normal() + (kind === 'a' ? 1 : 0),
      colour: random.next() < 0.9 ? (colours[kind] ?? '') : (Object.values(colours)[random.integer(3)] ?? ''),
    }),
    events: [],
    questions: [{ atMs: null, place: index, labels: { kind } }],
  }))
}

/** Kinds in these numbers, one kind after the other. */
export function kindsOf(counts: Readonly<Record<string, number>>): string[] {
  return Object.entries(counts).flatMap(([kind, count]) => Array.from({ length: count }, () => kind))
}

/** A data set over rows in memory. */
export function buildTable(rows: readonly UserRecord[]): DataSet {
  return {
    eventCount: 0,
    userCount: rows.length,
    questionCount: rows.reduce((sum, row) => sum + row.questions.length, 0),
    report: NO_FILES,
    span: undefined,
    items: new Map(),
    undated: [],
    notes: [],
    users: async function* () {
      yield* rows
    },
    close: () => {},
  }
}
