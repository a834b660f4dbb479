// Bodies, read once before anything looks at them: at most 1 MB, UTF-8, and whole. Text that is not UTF-8
// is refused in paths too: decoding would put other characters in its place, and two different ids could
// become one.
import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from '../app-env.ts'
import { ProblemError } from './problem.ts'

const BODY_BYTES_MAX = 1_000_000

export const readBody: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (!isDecodable(new URL(c.req.url).pathname)) throw new ProblemError('malformed_path')
  if (c.req.raw.body !== null) {
    if (Number(c.req.header('content-length') ?? 0) > BODY_BYTES_MAX) throw new ProblemError('body_too_large')
    const text = toText(await readBytes(c.req.raw.body))
    // Hono keeps promises here, whatever its type says: what is read later is this, decoded once.
    c.req.bodyCache.text = Promise.resolve(text) as unknown as string
  }
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

async function readBytes(body: ReadableStream<Uint8Array>): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  let length = 0
  try {
    for await (const chunk of body) {
      length += chunk.length
      if (length > BODY_BYTES_MAX) break
      chunks.push(chunk)
    }
  } catch {
    // The sender went away: no fault of the service, and nobody is left to read the answer.
    throw new ProblemError('incomplete_body')
  }
  if (length > BODY_BYTES_MAX) throw new ProblemError('body_too_large')
  return chunks
}

function toText(chunks: readonly Uint8Array[]): string {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false })
  try {
    return chunks.map((chunk) => decoder.decode(chunk, { stream: true })).join('') + decoder.decode()
  } catch {
    throw new ProblemError('malformed_text')
  }
}
