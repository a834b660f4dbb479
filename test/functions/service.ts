// The service under test: the real app over workerd's local D1 and R2, with keys and bundles in place.
import { applyD1Migrations, createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { sha256Hex } from '../../features/hash.ts'
import type { Project } from '../../features/project.ts'
import type { LogOptions } from '../../functions/log/prediction-log.ts'
import { createApp } from '../../functions/app.ts'
import { shop } from './shop.ts'
import { tinyBundle } from './tiny-bundle.ts'
import type { TinyBundle, TinyBundleOptions } from './tiny-bundle.ts'

export const KEYS = {
  ingest: 'psg_test-ingest-0123456789abcdef',
  predict: 'psg_test-predict-0123456789abcdef',
  admin: 'psg_test-admin-0123456789abcdef',
} as const

export interface Call {
  readonly body?: unknown
  /** Sent as it is, in place of `body`. */
  readonly text?: string | Uint8Array<ArrayBuffer> | ReadableStream
  readonly key?: keyof typeof KEYS | null
  readonly headers?: Readonly<Record<string, string>>
}

const CARD = JSON.stringify({ rehearsal: { tasks: { nextAction: { logLoss: 1.1 } } } })

/** An answer, read whole. */
export interface Reply {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  // eslint-disable-next-line typescript/no-explicit-any -- tests look into bodies of every shape
  readonly json: any
}

export interface Service {
  readonly db: D1Database
  call(method: string, path: string, call?: Call): Promise<Reply>
  /** How many rows a table holds, or how many of something in it. */
  count(table: string, what?: string): Promise<number>
}

/** A fresh isolate's worth of service over an empty database that knows the three keys. */
export async function createService(): Promise<Service> {
  await resetDatabase()
  return openService()
}

export interface IsolateOptions {
  readonly project?: Project
  /** Whether a call ends only when the work that it left behind has. */
  readonly waitsForAll?: boolean
  /** Answers are logged so; not at all where absent. */
  readonly log?: LogOptions
}

/** Another isolate over the same database. */
export function openService(
  binding: Env = env,
  { project = shop, waitsForAll = true, log }: IsolateOptions = {},
): Service {
  const app = createApp({ project, ...(log !== undefined && { log }) })
  const bindings = log === undefined ? binding : { ...binding, PREDICTION_LOG: 'on' }
  return {
    db: env.DB,
    async call(method, path, call = {}) {
      const context = createExecutionContext()
      const request = new Request(`https://presage.test${path}`, requestInit(method, call))
      const response = await app.fetch(request, bindings, context)
      const text = await response.text()
      if (waitsForAll) await waitOnExecutionContext(context)
      const isJson = text !== '' && /\bjson\b/.test(response.headers.get('content-type') ?? '')
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: isJson ? JSON.parse(text) : undefined,
      }
    },
    async count(table, what = '*') {
      return (
        (await env.DB.prepare(`select count(${what}) as count from ${table}`).first<number>('count')) ?? 0
      )
    },
  }
}

export interface PublishOptions extends TinyBundleOptions {
  /** Files stored otherwise than the manifest lists them; null for one that is missing. */
  readonly stored?: Readonly<Record<string, Uint8Array<ArrayBuffer> | null>>
  /** Null for one that is published and does not answer yet. */
  readonly role?: 'champion' | null
}

/** Publishes a bundle as the command line does, and gives its id. */
export async function publish({
  stored = {},
  role = 'champion',
  ...options
}: PublishOptions = {}): Promise<string> {
  const bundle = await tinyBundle(options)
  await storeBundle(bundle, stored)
  await deploy(bundle.id, { family: bundle.manifest.family, card: options.card ?? CARD, role })
  return bundle.id
}

/** Puts the files of a bundle into R2. */
export async function storeBundle(
  { id, files }: TinyBundle,
  stored: NonNullable<PublishOptions['stored']> = {},
): Promise<void> {
  await Promise.all(
    Object.entries({ ...files, ...stored }).map(([name, content]) => {
      const key = `bundles/${id}/${name}`
      return content === null ? env.BUNDLES.delete(key) : env.BUNDLES.put(key, content)
    }),
  )
}

/** Makes a stored bundle the champion, or publishes it alone. */
export async function deploy(
  id: string,
  {
    family = 'tiny',
    card = CARD,
    role = 'champion',
  }: { readonly family?: string; readonly card?: string; readonly role?: 'champion' | null } = {},
): Promise<void> {
  const published = env.DB.prepare(
    'insert or ignore into bundles (id, project, family, card, created_at) values (?, ?, ?, ?, ?)',
  ).bind(id, shop.name, family, card, Date.UTC(2026, 0, 1))
  if (role === null) {
    await published.run()
    return
  }
  await env.DB.batch([
    published,
    env.DB.prepare("update deployments set until_at = ? where role = 'champion' and until_at is null").bind(
      Date.now(),
    ),
    env.DB.prepare("insert into deployments (role, bundle_id, from_at) values ('champion', ?, ?)").bind(
      id,
      Date.now(),
    ),
  ])
}

export async function resetDatabase(): Promise<void> {
  await applyD1Migrations(env.DB, env.MIGRATIONS)
  const tables = [
    'audit',
    'predictions',
    'traffic',
    'outcomes',
    'live',
    'skew_checks',
    'alarms',
    'drift_looks',
    'deployments',
    'bundles',
    'events',
    'users',
    'encodings',
    'wanted_vectors',
    'items',
    'labels',
    'heard',
    'trainings',
    'quarantine',
    'api_keys',
  ]
  await env.DB.batch(tables.map((table) => env.DB.prepare(`delete from ${table}`)))
  for (const [scope, key] of Object.entries(KEYS)) {
    const statement = env.DB.prepare(
      'insert into api_keys (id, hash, scopes, created_at) values (?, ?, ?, 0)',
    )
    await statement.bind(scope, await sha256Hex(key), JSON.stringify([scope])).run()
  }
}

function requestInit(method: string, { body, text, key = 'admin', headers }: Call): RequestInit {
  const content = text ?? (body === undefined ? undefined : JSON.stringify(body))
  return {
    method,
    headers: {
      ...(key !== null && { authorization: `Bearer ${KEYS[key]}` }),
      ...(content !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(content !== undefined && { body: content }),
  }
}
