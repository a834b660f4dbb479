// A log of views as a large file: 200,000 users and as many items in the order of time, the same every time.
import { createRandom } from '../features/random.ts'

export const COLUMNS = ['id', 'type', 'userId', 'itemId', 'occurredAt'] as const

const LINES_AT_ONCE = 10_000
const IDS = 200_000

/** The text of a CSV of so many rows, or of the first bytes and some more, in pieces. */
export function* viewLog({
  rows = Infinity,
  bytes = Infinity,
}: {
  readonly rows?: number
  readonly bytes?: number
}): Generator<string> {
  const random = createRandom(1)
  const startMs = Date.UTC(2024, 0, 1)
  let [written, row] = [0, 0]
  while (written < bytes && row < rows) {
    const some: string[] = row === 0 ? [COLUMNS.join(',')] : []
    for (const end = Math.min(rows, row + LINES_AT_ONCE); row < end; row += 1) {
      const [user, item] = [random.next(), random.next()].map((drawn) => Math.floor(drawn * IDS))
      some.push(`e${row},view,u${user},i${item},${new Date(startMs + row * 1_000).toISOString()}`)
    }
    const text = `${some.join('\n')}\n`
    written += text.length
    yield text
  }
}
