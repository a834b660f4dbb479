// A log with all that can go wrong between a file, the database and encode, read and encoded as training
// does it: late and undated facts, ties, versions in any order, clocks ahead, a history longer than is
// looked at. The service must make the same inputs of it (test/workerd/replay-parity.test.ts).
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { importData } from '../../cli/storage/import.ts'
import type { Storage } from '../../cli/storage/storage.ts'
import { DAY_MS } from '../../features/project.ts'
import { createRandom } from '../../features/random.ts'
import type { Random } from '../../features/random.ts'
import { describeDataFault } from '../../training/data/data-fault.ts'
import type { DataSet } from '../../training/data/data-set.ts'
import { openDataSet } from '../../training/data/open-data-set.ts'
import { selectExamples } from '../../training/examples/example-set.ts'
import { makeFinalExamples } from '../../training/examples/make-examples.ts'
import { shop } from '../functions/shop.ts'
import type { ReplayWorld } from '../workerd/replay-world.ts'

const START_MS = Date.UTC(2026, 0, 1)
const DAYS = 90
const NOW_MS = START_MS + 2 * DAYS * DAY_MS
const MINUTE_MS = 60_000
const ITEMS = ['i-1', 'i-2', 'i-3', "it's; é 🛒"]

/** Everything about one world of this seed. */
export async function replayWorld(seed: number): Promise<ReplayWorld> {
  const folder = mkdtempSync(join(tmpdir(), 'replay-world-'))
  try {
    writeFiles(folder, createRandom(seed))
    const opened = await openDataSet({ project: shop, path: folder, skipBadRows: false, nowMs: NOW_MS })
    if (!opened.ok) throw new Error(describeDataFault(opened.reason))
    const data = opened.value
    try {
      return { statements: await statementsOf(data), ...(await examplesOf(data, seed)) }
    } finally {
      data.close()
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** What an import sends to the database. */
async function statementsOf(data: DataSet): Promise<string[]> {
  const sent: string[] = []
  const storage: Storage = {
    statementsMax: 20,
    execute: async (statements) => sent.push(...statements),
    select: async () => [],
    put: async () => {},
    close: async () => {},
  }
  await importData({ data, storage, nowMs: NOW_MS })
  return sent
}

async function examplesOf(data: DataSet, seed: number): Promise<Omit<ReplayWorld, 'statements'>> {
  const wanted = { train: 400, validation: 1, test: 1 }
  const made = await makeFinalExamples({ project: shop, data, seed, examples: wanted })
  if (!made.ok) throw new Error(made.reason.code)
  const { features, all } = made.value
  const rows = Array.from({ length: all.count }, (_, row) => ({
    userId: all.userIds[row] ?? '',
    atMs: all.atMs[row] ?? 0,
    inputs: Object.fromEntries(
      Object.entries(selectExamples(all, [row]).inputs).map(([name, values]) => [name, Array.from(values)]),
    ),
  }))
  return { features, rows }
}

function writeFiles(folder: string, random: Random): void {
  mkdirSync(folder, { recursive: true })
  const userIds = Array.from({ length: 25 }, (_, index) => `u ${index}${index % 5 === 0 ? ` "é"; 🛒` : ''}`)
  const events = userIds.flatMap((userId, index) =>
    Array.from({ length: index === 3 ? 600 : 5 + random.integer(50) }, () => eventOf(userId, random)),
  )
  const lines = events.map((event, place) => ({ id: `e${(place * 7_919) % events.length}`, ...event }))
  const write = (name: string, rows: readonly unknown[]): void =>
    writeFileSync(join(folder, name), rows.map((row) => JSON.stringify(row)).join('\n'))
  // Some lines come twice.
  write('events.ndjson', [...lines, ...lines.slice(0, 20)])
  const writeVersions = (name: string, ids: readonly string[], attributes: () => object): void => {
    const firstOf = (id: string) => events.find(({ userId, itemId }) => userId === id || itemId === id)
    const rows = ids.flatMap((id) =>
      versionsOf(firstOf(id)?.occurredAt, random).map((knownAt) => ({ id, ...knownAt, ...attributes() })),
    )
    write(name, rows)
  }
  writeVersions('users.ndjson', userIds.slice(2), () =>
    random.next() < 0.8 ? { plan: oneOf(['free', 'pro', 'gold'], random), age: random.integer(90) } : {},
  )
  writeVersions('items.ndjson', ITEMS.slice(1), () => ({
    department: oneOf(['shoes', 'hats', ''], random),
    price: oneOf([0, -1, 9.99, 1e300], random),
    title: oneOf(['Blue shoe', 'Ein Hut, süß', "it's"], random),
  }))
}

function eventOf(userId: string, random: Random) {
  // On whole hours, so that many fall together; some are heard of late, some claim to lie ahead.
  const occurredAt = START_MS + random.integer(DAYS * 24) * 60 * MINUTE_MS
  const delayMs = oneOf([undefined, 0, MINUTE_MS, 3 * DAY_MS, 20 * DAY_MS, -MINUTE_MS], random)
  const type = oneOf(['view', 'cart', 'purchase', 'search'], random)
  return {
    type,
    userId,
    ...(type !== 'search' && { itemId: oneOf(ITEMS, random) }),
    ...(type === 'purchase' && { value: oneOf([0, -3.3, 0.1 + 0.2, 1e12], random) }),
    ...(random.next() < 0.5 && { device: oneOf(['phone', 'desktop', 'tv'], random) }),
    occurredAt,
    ...(delayMs !== undefined && { receivedAt: occurredAt + delayMs }),
  }
}

/** Times of versions in no order, one of them at the very moment of an event; some without a time. */
function versionsOf(eventMs: number | undefined, random: Random): { readonly knownAt?: number }[] {
  const times = new Set(
    Array.from({ length: random.integer(5) }, () => START_MS + random.integer(DAYS) * DAY_MS),
  )
  if (eventMs !== undefined) times.add(eventMs)
  return [...(random.next() < 0.5 ? [{}] : []), ...Array.from(times, (knownAt) => ({ knownAt }))]
}

function oneOf<Value>(values: readonly Value[], random: Random): Value {
  return values[random.integer(values.length)] as Value
}
