// D1 and R2 through wrangler's commands: the way to the user's account. A local place takes the same
// commands, many times slower than local-storage.ts.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CommandError } from '../terminal/failure.ts'
import { rootFolder } from './paths.ts'
import type { Storage } from './storage.ts'
import { placeOptions, runWrangler } from '../processes/wrangler.ts'
import type { Place } from '../processes/wrangler.ts'

/** Operating systems take arguments of 128 KB; a statement is not longer than 100 KB. */
const COMMAND_BYTES_MAX = 50_000
/** While a file is executed the database answers nobody, and each one takes seconds: 18 MB or so. */
const STATEMENTS_MAX = 200

export function openWranglerStorage(place: Place): Storage {
  const folder = mkdtempSync(join(tmpdir(), 'presage-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  return {
    statementsMax: STATEMENTS_MAX,
    execute: async (statements) => {
      const sql = statements.map((statement) => `${statement};\n`).join('')
      const file = join(folder, 'statements.sql')
      const isShort = Buffer.byteLength(sql) <= COMMAND_BYTES_MAX
      if (!isShort) writeFileSync(file, sql)
      const what = isShort ? ['--command', sql] : ['--file', file]
      await runWrangler(['d1', 'execute', 'DB', ...placeOptions(place), '--yes', ...what])
    },
    put: async (key, path) => {
      const object = `${await bucketName()}/${key}`
      await runWrangler(['r2', 'object', 'put', object, ...placeOptions(place), '--file', path])
    },
    close: async () => {
      process.off('exit', remove)
      remove()
    },
  }
}

interface Bucket {
  readonly binding: string
  readonly bucket_name?: string
}

/** Of the bundles: each deployment has its own, named in wrangler.toml. */
async function bucketName(): Promise<string> {
  const { unstable_readConfig } = await import('wrangler')
  const { r2_buckets: buckets } = unstable_readConfig({ config: join(rootFolder, 'wrangler.toml') })
  const name = buckets.find((bucket: Bucket) => bucket.binding === 'BUNDLES')?.bucket_name
  if (name === undefined) throw new CommandError('wrangler.toml names no bucket for the binding BUNDLES')
  return name
}
