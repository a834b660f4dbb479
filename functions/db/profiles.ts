// Writing what is known of users and items: the latest attributes replace those before.
import { sql } from 'drizzle-orm'
import type { Attributes } from '../../features/event.ts'
import { attempt } from './client.ts'
import type { Database } from './client.ts'
import { items, users } from './schema.ts'

export interface Profile {
  readonly id: string
  readonly attributes: Attributes
  readonly updatedAt: number
}

export async function storeUser(db: Database, profile: Profile): Promise<void> {
  await storeProfile(db, { table: users, profile })
}

export async function storeItem(db: Database, profile: Profile): Promise<void> {
  await storeProfile(db, { table: items, profile })
}

async function storeProfile(
  db: Database,
  { table, profile }: { readonly table: typeof users | typeof items; readonly profile: Profile },
): Promise<void> {
  await attempt(
    db
      .insert(table)
      .values(profile)
      .onConflictDoUpdate({
        target: table.id,
        set: { attributes: sql`excluded.attributes`, updatedAt: sql`excluded.updated_at` },
      }),
  )
}
