// The database's history: locally it is brought up to date unasked, in the user's account only when asked.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { runWrangler } from '../processes/wrangler.ts'
import { CommandError } from '../terminal/failure.ts'
import { whenFree } from './busy.ts'
import { rootFolder } from './paths.ts'
import { placeArgs } from './place.ts'
import type { Place, RemotePlace } from './place.ts'

/** Brings the database up to the latest migration; does nothing where it is. */
export async function applyMigrations(place: Place): Promise<void> {
  await whenFree(() => runWrangler(['d1', 'migrations', 'apply', 'DB', ...placeArgs(place)]))
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
