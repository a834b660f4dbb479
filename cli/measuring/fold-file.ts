// The folds that --folds asks for, or that a file gives.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { CommandError } from '../terminal/failure.ts'

/** The fold of each row, from a file. Throws CommandError where it does not fit the rows. */
export async function readFoldFile(path: string, rowCount: number): Promise<readonly number[]> {
  const { describeFoldFault, parseFolds } = await import('../../training/folds.ts')
  const parsed = parseFolds(readText(path), rowCount)
  if (!parsed.ok) throw new CommandError(describeFoldFault(parsed.reason))
  return parsed.value
}

function readText(path: string): string {
  try {
    const bytes = readFileSync(path)
    return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  } catch {
    throw new CommandError(`The fold file ${path} cannot be read`)
  }
}
