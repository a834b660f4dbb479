// Chooses how a place is written to.
import { openLocalStorage } from './local.ts'
import { applyMigrations } from '../processes/wrangler.ts'
import type { Place } from '../processes/wrangler.ts'
import type { Storage } from './storage.ts'
import { openWranglerStorage } from './wrangler.ts'

/** Applies missing migrations first. */
export async function openStorage(place: Place): Promise<Storage> {
  await applyMigrations(place)
  return place.kind === 'local' ? openLocalStorage(place.state) : openWranglerStorage(place)
}
