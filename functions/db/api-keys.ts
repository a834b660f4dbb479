// Looking up callers' keys by their hash.
import { eq } from 'drizzle-orm'
import { attemptRead } from './client.ts'
import type { Database } from './client.ts'
import { apiKeys } from './schema.ts'
import type { Scope } from './schema.ts'

export interface ApiKey {
  /** Its short public name. */
  readonly id: string
  readonly scopes: readonly Scope[]
  /** From this moment the key is refused: revoked or expired, whichever comes first. */
  readonly endsAtMs: number
}

/** The key with this hash (lower-case hexadecimal SHA-256 of the whole key), ended ones too. */
export async function findApiKey(db: Database, hash: string): Promise<ApiKey | undefined> {
  const [key] = await attemptRead('a key', () =>
    db
      .select({
        id: apiKeys.id,
        scopes: apiKeys.scopes,
        revokedAt: apiKeys.revokedAt,
        expiresAt: apiKeys.expiresAt,
      })
      .from(apiKeys)
      .where(eq(apiKeys.hash, hash)),
  )
  if (key === undefined) return undefined
  return {
    id: key.id,
    scopes: key.scopes,
    endsAtMs: Math.min(key.revokedAt ?? Infinity, key.expiresAt ?? Infinity),
  }
}
