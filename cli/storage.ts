// Writing to a project's D1 and R2: locally straight into wrangler's state, which is many times faster
// than a wrangler for each write; remotely through wrangler.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootFolder } from './paths.ts'
import { applyMigrations, runWrangler } from './wrangler.ts'
import type { Place } from './wrangler.ts'

const BUCKET = 'presage-bundles'

export interface Storage {
  /** Runs statements, each shorter than 100 KB; they are committed together or not at all. */
  execute(statements: readonly string[]): Promise<void>
  put(key: string, path: string): Promise<void>
  close(): Promise<void>
}

/** What of the bindings is used here; their full types are those of the Workers runtime. */
interface Bindings {
  readonly DB: { prepare(sql: string): unknown; batch(statements: unknown[]): Promise<unknown> }
  readonly BUNDLES: { put(key: string, value: ArrayBuffer | Uint8Array): Promise<unknown> }
}

/** Applies missing migrations first. */
export async function openStorage(place: Place): Promise<Storage> {
  await applyMigrations(place)
  return place.kind === 'local' ? openLocal(place.state) : openRemote()
}

async function openLocal(state: string): Promise<Storage> {
  // Loaded here because it takes a second, which most verbs need not wait.
  const { getPlatformProxy } = await import('wrangler')
  const proxy = await getPlatformProxy({
    configPath: join(rootFolder, 'wrangler.toml'),
    // Wrangler's --persist-to appends the version of its layout, the proxy does not.
    persist: { path: join(state, 'v3') },
  })
  const { DB, BUNDLES } = proxy.env as unknown as Bindings
  return {
    execute: async (statements) => {
      await DB.batch(statements.map((statement) => DB.prepare(statement)))
    },
    put: async (key, path) => {
      await BUNDLES.put(key, readFileSync(path))
    },
    close: () => proxy.dispose(),
  }
}

function openRemote(): Storage {
  const folder = mkdtempSync(join(tmpdir(), 'presage-'))
  const remove = (): void => rmSync(folder, { recursive: true, force: true })
  process.once('exit', remove)
  return {
    execute: async (statements) => {
      const file = join(folder, 'statements.sql')
      writeFileSync(file, statements.map((statement) => `${statement};\n`).join(''))
      await runWrangler(['d1', 'execute', 'DB', '--remote', '--yes', '--file', file])
    },
    put: async (key, path) => {
      await runWrangler(['r2', 'object', 'put', `${BUCKET}/${key}`, '--remote', '--file', path])
    },
    close: async () => {
      process.off('exit', remove)
      remove()
    },
  }
}

/** A text in single quotes, for SQLite. */
export function quoteSql(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
