// API keys: `Authorization: Bearer psg_…`. Only the hash of a key is stored, so a look-up by hash
// needs no constant-time comparison. What a look-up said is remembered: a good key for less than a minute,
// so that a prediction needs no call to D1 for its key and a revoked one ends within the minute; while D1
// is away for an hour, since nothing else could be answered; a wrong key for some seconds.
import type { Context, MiddlewareHandler } from 'hono'
import { sha256Hex } from '../../features/hash.ts'
import type { Project } from '../../features/project.ts'
import type { AppEnv } from '../app-env.ts'
import { createBoundedMap } from '../bounded-map.ts'
import { findApiKey } from '../db/api-keys.ts'
import type { ApiKey } from '../db/api-keys.ts'
import { connect } from '../db/client.ts'
import type { Scope } from '../db/schema.ts'
import { isUnavailable } from '../db/storage-error.ts'
import { createRemembered } from '../remembered.ts'
import type { Remembered } from '../remembered.ts'
import { ProblemError } from './problem.ts'

/** Makes the middleware that lets in the keys with a scope; `admin` opens every route. */
export type Authenticate = (scope: Scope) => MiddlewareHandler<AppEnv>

const MEMORY = {
  refreshAfterMs: 45_000,
  staleAfterMs: 60_000,
  standsInMs: 3_600_000,
  isUnavailable,
} as const
const REFUSED_MS = 5_000
const REMEMBERED_COUNT_MAX = 1_000
const KEY_PATTERN = /^Bearer (psg_[A-Za-z0-9_-]{20,200})$/i

/** One memory of keys for all routes of an app. A key of another project is told whose service this is. */
export function createAuthenticate({ name }: Pick<Project, 'name'>): Authenticate {
  const invalid = (): ProblemError =>
    new ProblemError('invalid_key', { detail: `It is no key of project '${name}', or no longer` })
  const accepted = createBoundedMap<Remembered<ApiKey | undefined>>(REMEMBERED_COUNT_MAX)
  const refusedUntilMs = createBoundedMap<number>(REMEMBERED_COUNT_MAX)

  async function find(key: string, c: Context<AppEnv>): Promise<ApiKey> {
    const clock = c.get('clock')
    const hash = await sha256Hex(key)
    if ((refusedUntilMs.get(hash) ?? 0) > clock()) throw invalid()
    const memory = accepted.get(hash) ?? createRemembered<ApiKey | undefined>(MEMORY)
    const found = await memory.get({
      read: () => findApiKey(connect(c.env.DB), hash),
      keepAlive: (work) => c.executionCtx.waitUntil(work),
      clock,
    })
    if (found === undefined || found.endsAtMs <= clock()) {
      accepted.delete(hash)
      refusedUntilMs.set(hash, clock() + REFUSED_MS)
      throw invalid()
    }
    accepted.set(hash, memory)
    return found
  }

  return (scope) => async (c, next) => {
    const header = c.req.header('authorization')
    if (header === undefined) {
      throw new ProblemError('missing_key', { detail: 'Send the header Authorization: Bearer psg_…' })
    }
    const key = KEY_PATTERN.exec(header)?.[1]
    if (key === undefined) throw invalid()
    const { id, scopes } = await find(key, c)
    c.set('scopes', scopes)
    c.set('keyId', id)
    requireScope(c, scope)
    await next()
  }
}

/** For what only some keys may say. Throws ProblemError wrong_scope. */
export function requireScope(c: Context<AppEnv>, scope: Scope): void {
  const scopes = c.get('scopes')
  if (scopes.includes(scope) || scopes.includes('admin')) return
  throw new ProblemError('wrong_scope', { detail: `The key lacks the scope '${scope}'` })
}
