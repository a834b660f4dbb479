// The database's history: locally it is brought up to date unasked, in the user's account only when asked.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { runWrangler } from '../processes/wrangler.ts'
import { CommandError } from '../terminal/failure.ts'
import { whenFree } from './busy.ts'
import { rootFolder } from './paths.ts'
import { placeArgs } from './place.ts'
import type { Place, RemotePlace } from './place.ts'

/** What a migration meets that another process applied since it was looked for. */
const OVERTAKEN = /already exists|duplicate column name/
const TRIES_MAX = 6
const PAUSE_MS = 1_000

/**
 * Brings the database up to the latest migration; does nothing where it is. Of two commands on a new database
 * both find it empty: who comes later looks again at what is missing.
 */
export async function applyMigrations(place: Place): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    try {
      await whenFree(() => runWrangler(['d1', 'migrations', 'apply', 'DB', ...placeArgs(place)]))
      return
    } catch (error) {
      if (tries === TRIES_MAX || !(error instanceof Error) || !OVERTAKEN.test(error.message)) throw error
      await sleep(PAUSE_MS)
    }
  }
}

/** Throws CommandError where the database lacks a migration. */
export async function assertMigrated(place: RemotePlace): Promise<void> {
  const listed = await runWrangler(['d1', 'migrations', 'list', 'DB', ...placeArgs(place)])
  const pending = readdirSync(join(rootFolder, 'migrations')).filter((name) => listed.includes(name))
  if (pending.length === 0) return
  throw new CommandError(
    `The database of ${place.project} lacks ${pending.join(', ')}, and nothing was done: presage deploy ${place.project} applies it with the code that needs it, --migrate applies it alone`,
  )
}
