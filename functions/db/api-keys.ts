// Looking up callers' keys by their hash.
import { eq } from 'drizzle-orm'
import { attempt } from './client.ts'
import type { Database } from './client.ts'
import { apiKeys } from './schema.ts'
import type { Scope } from './schema.ts'

export interface ApiKey {
  readonly id: string
  readonly scopes: readonly Scope[]
  readonly revokedAt: number | null
}

/** The key with this hash (lower-case hexadecimal SHA-256 of the whole key), revoked ones too. */
export async function findApiKey(db: Database, hash: string): Promise<ApiKey | undefined> {
  const [key] = await attempt(
    db
      .select({ id: apiKeys.id, scopes: apiKeys.scopes, revokedAt: apiKeys.revokedAt })
      .from(apiKeys)
      .where(eq(apiKeys.hash, hash)),
  )
  return key
}
