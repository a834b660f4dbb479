// Paths and bodies that are not UTF-8 are refused: decoding would put other characters in their place,
// and two different ids could become one.
import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from '../app-env.ts'
import { ProblemError } from './problem.ts'

export const requireUtf8: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (!isDecodable(new URL(c.req.url).pathname)) throw new ProblemError('malformed_path')
  if (c.req.raw.body !== null && !isUtf8(await c.req.arrayBuffer())) throw new ProblemError('malformed_text')
  await next()
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path)
    return true
  } catch {
    return false
  }
}

function isUtf8(bytes: ArrayBuffer): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    return true
  } catch {
    return false
  }
}
