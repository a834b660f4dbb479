// Runs the golden rows of a bundle through its model, one at a time, as it will be asked.
import { differingTask } from '../../features/golden.ts'
import type { GoldenRows } from '../../features/golden.ts'
import type { Manifest } from '../../features/manifest.ts'
import { rowOf } from '../../features/rows.ts'
import type { ModelFault } from './bundle-error.ts'
import type { ModelSession } from './runtime.ts'

/** Runs every row. Rejects where the model does. */
export async function checkGoldenRows(
  golden: GoldenRows,
  { manifest, session }: { readonly manifest: Manifest; readonly session: ModelSession },
): Promise<ModelFault | undefined> {
  const { heads } = manifest
  for (let row = 0; row < golden.rows; row += 1) {
    const got = await session.run(rowOf(golden.inputs, { row, rows: golden.rows }))
    const task = differingTask(golden, { heads, row, got })
    if (task !== undefined) return { code: 'golden_differs', row, task }
  }
  return undefined
}
