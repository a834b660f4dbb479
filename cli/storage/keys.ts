// Keys of callers: a key goes to the caller once, its hash into the database. Listed and revoked by id.
import { randomBytes } from 'node:crypto'
import { sha256Hex } from '../../features/hash.ts'
import { CommandError } from '../terminal/failure.ts'
import { quoteSql } from './storage.ts'
import type { Storage } from './storage.ts'

const SCOPES = ['ingest', 'predict', 'admin'] as const
export type Scope = (typeof SCOPES)[number]

const KEY_BYTES = 24
const ID_BYTES = 6

export interface CreatedKey {
  /** To list and revoke the key by. */
  readonly id: string
  readonly key: string
}

export async function createKey(request: {
  readonly scopes: readonly Scope[]
  readonly storage: Storage
  readonly nowMs: number
  /** What it is for, in the user's words. */
  readonly name?: string
  /** From then on it is refused; absent where it stays valid until it is revoked. */
  readonly expiresAtMs?: number
}): Promise<CreatedKey> {
  const key = `psg_${randomBytes(KEY_BYTES).toString('base64url')}`
  const id = `key_${randomBytes(ID_BYTES).toString('hex')}`
  const { name = '', expiresAtMs, nowMs } = request
  const texts = [id, await sha256Hex(key), JSON.stringify(request.scopes), name].map(quoteSql).join(', ')
  // Ignored where it is there: the database may have taken it although it said that it was busy.
  await request.storage.execute([
    `insert or ignore into api_keys (id, hash, scopes, name, created_at, expires_at) values (${texts}, ${nowMs}, ${expiresAtMs ?? 'null'})`,
  ])
  return { id, key }
}

export interface ListedKey {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  /** Unix milliseconds, as the others. */
  readonly createdAt: number
  readonly expiresAt: number | null
  readonly revokedAt: number | null
}

/** All keys, the latest last; never their hashes. */
export async function listKeys(storage: Storage): Promise<ListedKey[]> {
  const rows = await storage.select(
    'select id, name, scopes, created_at, expires_at, revoked_at from api_keys order by created_at, id',
  )
  return rows.map((row) => ({
    id: String(row['id']),
    name: String(row['name']),
    scopes: JSON.parse(String(row['scopes'])) as string[],
    createdAt: Number(row['created_at']),
    expiresAt: numberOrNull(row['expires_at']),
    revokedAt: numberOrNull(row['revoked_at']),
  }))
}

/** Gives when the key was revoked: now, or before. Throws CommandError where there is no such key. */
export async function revokeKey(request: {
  readonly id: string
  readonly storage: Storage
  readonly nowMs: number
}): Promise<number> {
  const { id, storage, nowMs } = request
  const which = `where id = ${quoteSql(id)}`
  await storage.execute([`update api_keys set revoked_at = ${nowMs} ${which} and revoked_at is null`])
  const [row] = await storage.select(`select revoked_at from api_keys ${which}`)
  if (row === undefined)
    throw new CommandError(`There is no key '${id}': presage key list shows those there are`)
  return Number(row['revoked_at'])
}

/** Reads 'ingest,predict'. Throws CommandError at an unknown scope. */
export function parseScopes(text: string): Scope[] {
  return text.split(',').map((name) => {
    const scope = SCOPES.find((known) => known === name.trim())
    if (scope === undefined)
      throw new CommandError(`There is no scope '${name}'; there are ${SCOPES.join(', ')}`)
    return scope
  })
}

function numberOrNull(value: string | number | null | undefined): number | null {
  return value === null || value === undefined ? null : Number(value)
}
