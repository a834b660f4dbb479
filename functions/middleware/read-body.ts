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
    const text = toText(await readBytes(c.req.raw))
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

/** A body of announced length is read in one piece, which is faster; another until it is too long. */
async function readBytes(request: Request): Promise<readonly Uint8Array[]> {
  const announced = request.headers.get('content-length')
  if (Number(announced ?? 0) > BODY_BYTES_MAX) throw new ProblemError('body_too_large')
  try {
    const read = announced === null ? await readChunks(request) : [await request.bytes()]
    if (read.reduce((length, chunk) => length + chunk.length, 0) <= BODY_BYTES_MAX) return read
  } catch {
    // The sender went away: no fault of the service, and nobody is left to read the answer.
    throw new ProblemError('incomplete_body')
  }
  throw new ProblemError('body_too_large')
}

async function readChunks({ body }: Request): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    chunks.push(chunk)
    length += chunk.length
    if (length > BODY_BYTES_MAX) break
  }
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
