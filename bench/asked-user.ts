// Asking a local service about one user, whose history is laid down before: for measurements of requests.
import { readdir, readFile, stat } from 'node:fs/promises'
import { Agent, request } from 'node:http'
import { join } from 'node:path'
import { bundleId, sha256Hex } from '../features/hash.ts'
import type { Seed } from './local-service.ts'

const KEY = 'psg_bench-0123456789abcdef0123456789'
/** How many events the user has. */
export const EVENT_COUNT = 100
const BUNDLES_FOLDER = '.presage/shop/bundles'
const DEPARTMENTS = ['shoes', 'hats', 'coats', 'bags', 'books', 'games']
const TYPES = ['view', 'view', 'view', 'cart', 'search', 'purchase']

export interface Call {
  readonly url: string
  readonly body: string
  readonly agent: Agent
}

/** The bundle trained last for the shop. */
export async function latestBundle(): Promise<string> {
  const names = await readdir(BUNDLES_FOLDER).catch(() => [])
  const made = await Promise.all(
    names.map(async (name) => ({
      path: join(BUNDLES_FOLDER, name),
      ms: (await stat(join(BUNDLES_FOLDER, name))).mtimeMs,
    })),
  )
  const latest = made.toSorted((left, right) => right.ms - left.ms)[0]
  if (latest === undefined)
    throw new Error(`No bundle in ${BUNDLES_FOLDER}: run npm start first, or give --bundle`)
  return latest.path
}

/** A user with a history, who is asked about, and the bundle that answers. */
export async function createSeed(bundleFolder: string): Promise<Seed> {
  const names = await readdir(bundleFolder)
  const contents = await Promise.all(
    names.map(async (name) => [name, Uint8Array.from(await readFile(join(bundleFolder, name)))] as const),
  )
  const id = await bundleId(await readFile(join(bundleFolder, 'manifest.json'), 'utf8'))
  const nowMs = Date.now()
  const events = Array.from({ length: EVENT_COUNT }, (_, index) => {
    const type = TYPES[index % TYPES.length] ?? 'view'
    const occurredAt = nowMs - (EVENT_COUNT - index) * 3_600_000
    return {
      sql: 'insert into events (user_id, occurred_at, id, type, item_id, value, properties, received_at, place) values (?, ?, ?, ?, ?, ?, ?, ?, ?)',
      parameters: [
        'u-1',
        occurredAt,
        `e-${index}`,
        type,
        type === 'search' ? null : `i-${index % 40}`,
        type === 'purchase' ? 20 : null,
        '{"device":"phone"}',
        occurredAt,
        0,
      ],
    }
  })
  const items = Array.from({ length: 40 }, (_, index) => ({
    sql: 'insert into items (id, known_at, attributes) values (?, ?, ?)',
    parameters: [
      `i-${index}`,
      0,
      JSON.stringify({
        department: DEPARTMENTS[index % DEPARTMENTS.length],
        price: index,
        title: 'A pair of shoes',
      }),
    ],
  }))
  return {
    statements: [
      {
        sql: 'insert into api_keys (id, hash, scopes, created_at) values (?, ?, ?, ?)',
        parameters: ['bench', await sha256Hex(KEY), '["predict"]', nowMs],
      },
      {
        sql: 'insert into users (id, known_at, attributes) values (?, ?, ?)',
        parameters: ['u-1', 0, '{"plan":"pro","country":"NL","age":41}'],
      },
      {
        sql: 'insert into bundles (id, project, family, card, created_at) values (?, ?, ?, ?, ?)',
        parameters: [id, 'shop', 'bench', '{}', nowMs],
      },
      {
        sql: "insert into deployments (role, bundle_id, from_at) values ('champion', ?, ?)",
        parameters: [id, nowMs],
      },
      ...items,
      ...events,
    ],
    files: Object.fromEntries(contents.map(([name, content]) => [`bundles/${id}/${name}`, content])),
  }
}

/** One connection that stays open. */
export function keepAlive(): Agent {
  return new Agent({ keepAlive: true, maxSockets: 1 })
}

/** A figure over priors or errors would mean nothing. */
export async function assertAnswers(call: Call): Promise<void> {
  const text = await send(call)
  const answer = JSON.parse(text) as { fallback?: unknown }
  if (answer.fallback !== null) throw new Error(`The model does not answer: ${text}`)
}

/** Milliseconds from the request to the whole answer. */
export async function measure(call: Call): Promise<number> {
  const startMs = performance.now()
  await send(call)
  return performance.now() - startMs
}

function send({ url, body, agent }: Call): Promise<string> {
  return new Promise((resolve, reject) => {
    const headers = {
      authorization: `Bearer ${KEY}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const sent = request(url, { method: 'POST', agent, headers }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString()
        if (response.statusCode === 200) resolve(text)
        else reject(new Error(`${response.statusCode}: ${text}`))
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}
