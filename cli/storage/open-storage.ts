// Opens a place to read and write, once its database is of today's shape.
import { environmentOf } from './environments.ts'
import { openLocalStorage } from './local.ts'
import { applyMigrations, assertMigrated } from './migrations.ts'
import type { Place } from './place.ts'
import type { Storage } from './storage.ts'
import { openWranglerStorage } from './wrangler.ts'

/**
 * Locally missing migrations are applied. In the user's account they are where that is asked for; else
 * this throws CommandError where one is missing, as it does where the project has no environment.
 */
export async function openStorage(
  place: Place,
  { migrate = false }: { readonly migrate?: boolean } = {},
): Promise<Storage> {
  if (place.kind === 'local') {
    await applyMigrations(place)
    return openLocalStorage(place.state)
  }
  await environmentOf(place.project)
  await (migrate ? applyMigrations(place) : assertMigrated(place))
  return openWranglerStorage(place)
}

/** Opens a place for some work, and closes it however that ends. */
export async function withStorage<Outcome>(
  place: Place,
  options: { readonly migrate?: boolean },
  work: (storage: Storage) => Promise<Outcome>,
): Promise<Outcome> {
  const storage = await openStorage(place, options)
  try {
    return await work(storage)
  } finally {
    await storage.close()
  }
}
