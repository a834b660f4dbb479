// D1 and R2 of wrangler's local state, without a wrangler for each write.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { rootFolder } from './paths.ts'
import type { Storage } from './storage.ts'

/** What of the bindings is used here; their full types are those of the Workers runtime. */
interface Bindings {
  readonly DB: { prepare(sql: string): unknown; batch(statements: unknown[]): Promise<unknown> }
  readonly BUNDLES: { put(key: string, value: ArrayBuffer | Uint8Array): Promise<unknown> }
}

/** Statements at a time, so that progress is seen. */
const STATEMENTS_MAX = 20

export async function openLocalStorage(state: string): Promise<Storage> {
  // Loaded here because it takes a second, which most verbs need not wait.
  const { getPlatformProxy } = await import('wrangler')
  const proxy = await getPlatformProxy({
    configPath: join(rootFolder, 'wrangler.toml'),
    // Wrangler's --persist-to appends the version of its layout, the proxy does not.
    persist: { path: join(state, 'v3') },
  })
  const { DB, BUNDLES } = proxy.env as unknown as Bindings
  return {
    statementsMax: STATEMENTS_MAX,
    execute: async (statements) => {
      await DB.batch(statements.map((statement) => DB.prepare(statement)))
    },
    put: async (key, path) => {
      await BUNDLES.put(key, readFileSync(path))
    },
    close: () => proxy.dispose(),
  }
}
