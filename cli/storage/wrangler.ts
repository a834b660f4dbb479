// D1 and R2 through wrangler's commands: the way to the user's account. A local place takes the same
// commands, many times slower than local.ts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jsonOf, runWrangler } from '../processes/wrangler.ts'
import { bucketOf } from './environments.ts'
import { placeArgs } from './place.ts'
import type { Place } from './place.ts'
import type { Row, Storage } from './storage.ts'

/** Operating systems take arguments of 128 KB; a statement is not longer than 100 KB. */
const COMMAND_BYTES_MAX = 50_000
/** While a file is executed the database answers nobody, and each one takes seconds: 18 MB or so. */
const STATEMENTS_MAX = 200

interface Result {
  readonly results: readonly Row[]
  readonly meta?: { readonly changes?: number }
}

export function openWranglerStorage(place: Place): Storage {
  const folder = mkdtempSync(join(tmpdir(), 'presage-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  const run = async (sql: string): Promise<readonly Result[]> => {
    const file = join(folder, 'statements.sql')
    const isShort = Buffer.byteLength(sql) <= COMMAND_BYTES_MAX
    if (!isShort) writeFileSync(file, sql)
    const what = isShort ? ['--command', sql] : ['--file', file]
    const args = ['d1', 'execute', 'DB', ...placeArgs(place), '--yes', '--json', ...what]
    return jsonOf(await runWrangler(args)) as readonly Result[]
  }
  return {
    statementsMax: STATEMENTS_MAX,
    execute: async (statements) => {
      const results = await run(statements.map((statement) => `${statement};\n`).join(''))
      return results.reduce((sum, { meta }) => sum + (meta?.changes ?? 0), 0)
    },
    select: async (statement) => (await run(statement))[0]?.results ?? [],
    put: async (key, path) => {
      const object = `${await bucketOf(place)}/${key}`
      await runWrangler(['r2', 'object', 'put', object, ...placeArgs(place), '--file', path])
    },
    close: async () => {
      process.off('exit', remove)
      remove()
    },
  }
}
