// Bodies, read once before anything looks at them: at most 1 MB, UTF-8, whole, and of two members of one name
// none is chosen; bytes are left to their route. Text that is not UTF-8 is refused in paths too: decoding would
// put other characters in its place, and two different ids could become one.
import type { MiddlewareHandler } from 'hono'
import type { AppEnv } from '../app-env.ts'
import { findDuplicateMember } from './duplicate-member.ts'
import { ProblemError } from './problem.ts'

const BODY_BYTES_MAX = 1_000_000

/** @param isBytes the requests whose body is no text, and is left to their route */
export function readBody(isBytes: (method: string, path: string) => boolean): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const { pathname } = new URL(c.req.url)
    if (!isDecodable(pathname)) throw new ProblemError('malformed_path')
    if (c.req.raw.body !== null && !isBytes(c.req.method, pathname)) {
      const text = toText(await readChunks(c.req.raw, BODY_BYTES_MAX))
      const twice = findDuplicateMember(text)
      if (twice !== undefined) {
        throw new ProblemError('duplicate_member', {
          detail: `An object has two members '${twice.slice(0, 64)}'`,
        })
      }
      // Hono keeps promises here, whatever its type says: what is read later is this, decoded once.
      c.req.bodyCache.text = Promise.resolve(text) as unknown as string
    }
    await next()
  }
}

/** A body of at most so many bytes. Throws ProblemError where it is longer, or does not come whole. */
export async function readBytes(request: Request, bytesMax: number): Promise<Uint8Array<ArrayBuffer>> {
  const chunks = await readChunks(request, bytesMax)
  const [first = new Uint8Array()] = chunks
  if (chunks.length <= 1) return Uint8Array.from(first)
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0))
  let from = 0
  for (const chunk of chunks) {
    bytes.set(chunk, from)
    from += chunk.length
  }
  return bytes
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
async function readChunks(request: Request, bytesMax: number): Promise<readonly Uint8Array[]> {
  const announced = request.headers.get('content-length')
  if (Number(announced ?? 0) > bytesMax) throw tooLarge(bytesMax)
  try {
    const read = announced === null ? await readStream(request, bytesMax) : [await request.bytes()]
    if (read.reduce((length, chunk) => length + chunk.length, 0) <= bytesMax) return read
  } catch {
    // The sender went away: no fault of the service, and nobody is left to read the answer.
    throw new ProblemError('incomplete_body')
  }
  throw tooLarge(bytesMax)
}

function tooLarge(bytesMax: number): ProblemError {
  return new ProblemError('body_too_large', { detail: `At most ${bytesMax} bytes are taken here` })
}

async function readStream({ body }: Request, bytesMax: number): Promise<Uint8Array[]> {
  const chunks: Uint8Array[] = []
  let length = 0
  for await (const chunk of body ?? []) {
    chunks.push(chunk)
    length += chunk.length
    if (length > bytesMax) break
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
