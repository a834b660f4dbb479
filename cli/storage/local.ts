// D1 and R2 of wrangler's local state, without a wrangler for each write.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { guardChildrenOf } from '../processes/watchdog.ts'
import { whenFree } from './busy.ts'
import { withRoomIn } from './full-disk.ts'
import { rootFolder } from './paths.ts'
import type { Row, Storage } from './storage.ts'

/** What of the bindings is used here; their full types are those of the Workers runtime. */
interface Bindings {
  readonly DB: {
    prepare(sql: string): Statement
    batch(statements: Statement[]): Promise<{ readonly meta: { readonly changes: number } }[]>
  }
  readonly BUNDLES: { put(key: string, value: ArrayBuffer | Uint8Array): Promise<unknown> }
}
interface Statement {
  all(): Promise<{ readonly results: Row[] }>
}

/** Statements at a time, so that progress is seen. */
const STATEMENTS_MAX = 20

export async function openLocalStorage(state: string): Promise<Storage> {
  // Loaded here because it takes a second, which most verbs need not wait.
  const { getPlatformProxy } = await import('wrangler')
  const { outcome: proxy, release } = await guardChildrenOf(() =>
    getPlatformProxy({
      configPath: join(rootFolder, 'wrangler.toml'),
      // Wrangler's --persist-to appends the version of its layout, the proxy does not.
      persist: { path: join(state, 'v3') },
    }),
  )
  const { DB, BUNDLES } = proxy.env as unknown as Bindings
  const run = <Outcome>(work: () => Promise<Outcome>): Promise<Outcome> =>
    withRoomIn(state, () => whenFree(work))
  return {
    statementsMax: STATEMENTS_MAX,
    execute: async (statements) => {
      const results = await run(() => DB.batch(statements.map((statement) => DB.prepare(statement))))
      return results.reduce((sum, { meta }) => sum + meta.changes, 0)
    },
    select: async (statement) => (await run(() => DB.prepare(statement).all())).results,
    put: async (key, path) => {
      const bytes = readFileSync(path)
      await run(() => BUNDLES.put(key, bytes))
    },
    close: async () => {
      await proxy.dispose()
      release()
    },
  }
}
