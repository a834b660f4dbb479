// Makes an API key: the key goes to the caller once, its hash into the database.
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
}): Promise<CreatedKey> {
  const key = `psg_${randomBytes(KEY_BYTES).toString('base64url')}`
  const id = `key_${randomBytes(ID_BYTES).toString('hex')}`
  const values = [id, await sha256Hex(key), JSON.stringify(request.scopes)].map(quoteSql).join(', ')
  await request.storage.execute([
    `insert into api_keys (id, hash, scopes, created_at) values (${values}, ${request.nowMs})`,
  ])
  return { id, key }
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
