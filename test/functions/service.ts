// The service under test: the real app over workerd's local D1 and R2, with keys and bundles in place.
import { applyD1Migrations, createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { bundleId, sha256Hex } from '../../features/hash.ts'
import type { Manifest } from '../../features/manifest.ts'
import { createApp } from '../../functions/app.ts'
import { shop, shopManifest } from './shop.ts'
import { tinyModel } from './tiny-model.ts'

export const KEYS = {
  ingest: 'psg_test-ingest-0123456789abcdef',
  predict: 'psg_test-predict-0123456789abcdef',
  admin: 'psg_test-admin-0123456789abcdef',
} as const

export interface Call {
  readonly body?: unknown
  /** Sent as it is, in place of `body`. */
  readonly text?: string | Uint8Array<ArrayBuffer>
  readonly key?: keyof typeof KEYS | null
  readonly headers?: Readonly<Record<string, string>>
}

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
  /** How many rows a table holds. */
  count(table: string): Promise<number>
}

/** A fresh isolate's worth of service over an empty database that knows the three keys. */
export async function createService(): Promise<Service> {
  await resetDatabase()
  return openService()
}

/** Another isolate over the same database. */
export function openService(binding: Env = env): Service {
  const app = createApp({ project: shop })
  return {
    db: env.DB,
    async call(method, path, call = {}) {
      const context = createExecutionContext()
      const request = new Request(`https://presage.test${path}`, requestInit(method, call))
      const response = await app.fetch(request, binding, context)
      const text = await response.text()
      await waitOnExecutionContext(context)
      const isJson = (response.headers.get('content-type') ?? '').includes('json')
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: isJson ? JSON.parse(text) : undefined,
      }
    },
    async count(table) {
      return (await env.DB.prepare(`select count(*) as count from ${table}`).first<number>('count')) ?? 0
    },
  }
}

export interface BundleOptions {
  readonly manifest?: Manifest
  /** Stored in place of the model, under the name of the intact bundle. */
  readonly model?: Uint8Array<ArrayBuffer> | null
  readonly card?: string
  /** Stored in place of the manifest's text. */
  readonly manifestText?: string
}

/** Publishes a bundle as the command line does, and gives its id. */
export async function publish(options: BundleOptions = {}): Promise<string> {
  const manifest = options.manifest ?? shopManifest()
  const manifestText = JSON.stringify(manifest)
  const cardText = options.card ?? JSON.stringify({ tasks: { nextAction: { logLoss: 1.1 } } })
  const model = tinyModel(manifest)
  const id = await bundleId({ model, manifestText, cardText })
  await storeFiles(id, {
    model: options.model === undefined ? model : options.model,
    manifestText: options.manifestText ?? manifestText,
    cardText,
  })
  await deploy(id, { family: manifest.family, card: cardText })
  return id
}

/** Publishes an intact bundle, named for its content, whatever that content is. */
export async function publishContent({
  model = tinyModel(shopManifest()),
  manifestText = JSON.stringify(shopManifest()),
}: {
  readonly model?: Uint8Array<ArrayBuffer>
  readonly manifestText?: string
}): Promise<string> {
  const cardText = '{}'
  const id = await bundleId({ model, manifestText, cardText })
  await storeFiles(id, { model, manifestText, cardText })
  await deploy(id, { family: 'tiny', card: cardText })
  return id
}

interface Files {
  readonly model: Uint8Array<ArrayBuffer> | null
  readonly manifestText: string
  readonly cardText: string
}

async function storeFiles(id: string, { model, manifestText, cardText }: Files): Promise<void> {
  if (model === null) await env.BUNDLES.delete(`bundles/${id}/model.onnx`)
  else await env.BUNDLES.put(`bundles/${id}/model.onnx`, model)
  await env.BUNDLES.put(`bundles/${id}/manifest.json`, manifestText)
  await env.BUNDLES.put(`bundles/${id}/card.json`, cardText)
}

async function deploy(
  id: string,
  { family, card }: { readonly family: string; readonly card: string },
): Promise<void> {
  await env.DB.batch([
    env.DB.prepare(
      'insert or ignore into bundles (id, project, family, card, created_at) values (?, ?, ?, ?, ?)',
    ).bind(id, shop.name, family, card, Date.UTC(2026, 0, 1)),
    env.DB.prepare(
      "insert or replace into deployments (role, bundle_id, deployed_at) values ('champion', ?, ?)",
    ).bind(id, Date.now()),
  ])
}

async function resetDatabase(): Promise<void> {
  await applyD1Migrations(env.DB, env.MIGRATIONS)
  const tables = ['deployments', 'bundles', 'events', 'users', 'items', 'quarantine', 'api_keys']
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
