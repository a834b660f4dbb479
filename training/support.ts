// Counts for each task how many of the moments that a model learned from knew how much (features/support.ts).
import type { Head } from '../features/heads/head.ts'
import type { Features } from '../features/manifest.ts'
import { rowOf } from '../features/rows.ts'
import { supportCells } from '../features/support.ts'
import type { ExampleSet } from './examples/example-set.ts'

/** The same heads with the counts of these examples, by cell. */
export function withSupport(
  heads: readonly Head[],
  { features, learned }: { readonly features: Features; readonly learned: ExampleSet },
): Head[] {
  const { count, cellOf } = supportCells(features)
  const cells = Array.from({ length: learned.count }, (_, row) =>
    cellOf(rowOf(learned.inputs, { row, rows: learned.count })),
  )
  return heads.map((head) => {
    const support = Array.from({ length: count }, () => 0)
    for (const [row, cell] of cells.entries()) {
      if (!Number.isNaN(learned.targets[head.task]?.[row] ?? Number.NaN)) {
        support[cell] = (support[cell] ?? 0) + 1
      }
    }
    return { ...head, support }
  })
}
