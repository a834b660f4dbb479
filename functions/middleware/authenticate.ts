// API keys: `Authorization: Bearer psg_…`. Only the hash of a key is stored, so a look-up by hash
// needs no constant-time comparison. Verified keys are remembered for a minute: a revoked key may
// still be taken for that long, and a prediction needs no call to D1 for its key.
import type { MiddlewareHandler } from 'hono'
import { sha256Hex } from '../../features/hash.ts'
import type { AppEnv } from '../app-env.ts'
import { findApiKey } from '../db/api-keys.ts'
import { connect } from '../db/client.ts'
import type { Scope } from '../db/schema.ts'
import { ProblemError } from './problem.ts'

/** Makes the middleware that lets in the keys with a scope; `admin` opens every route. */
export type Authenticate = (scope: Scope) => MiddlewareHandler<AppEnv>

const REMEMBERED_MS = 60_000
const REMEMBERED_COUNT_MAX = 1_000
const KEY_PATTERN = /^Bearer (psg_[A-Za-z0-9_-]{20,200})$/i

interface RememberedKey {
  readonly scopes: readonly Scope[]
  readonly readAtMs: number
}

/** One memory of keys for all routes of an app. */
export function createAuthenticate(): Authenticate {
  const remembered = new Map<string, RememberedKey>()

  async function scopesOf(key: string, binding: D1Database): Promise<readonly Scope[]> {
    const nowMs = Date.now()
    const hash = await sha256Hex(key)
    const known = remembered.get(hash)
    if (known !== undefined && nowMs - known.readAtMs < REMEMBERED_MS) return known.scopes
    const found = await findApiKey(connect(binding), hash)
    if (found === undefined || (found.revokedAt !== null && found.revokedAt <= nowMs)) {
      remembered.delete(hash)
      throw new ProblemError('invalid_key')
    }
    if (remembered.size >= REMEMBERED_COUNT_MAX) remembered.clear()
    remembered.set(hash, { scopes: found.scopes, readAtMs: nowMs })
    return found.scopes
  }

  return (scope) => async (c, next) => {
    const header = c.req.header('authorization')
    if (header === undefined) {
      throw new ProblemError('missing_key', { detail: 'Send the header Authorization: Bearer psg_…' })
    }
    const key = KEY_PATTERN.exec(header)?.[1]
    if (key === undefined) throw new ProblemError('invalid_key')
    const scopes = await scopesOf(key, c.env.DB)
    if (!scopes.includes(scope) && !scopes.includes('admin')) {
      throw new ProblemError('wrong_scope', { detail: `The key lacks the scope '${scope}'` })
    }
    await next()
  }
}
