// Stands in for a Cloudflare account, which tests cannot have: the part of its API that wrangler calls
// for D1, R2 and Workers, on SQLite and in memory. It shows what the real wrangler sends, not how
// Cloudflare takes it.
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { DatabaseSync } from 'node:sqlite'

export interface StandInAccount {
  /** What leads wrangler here. */
  readonly env: Readonly<Record<string, string>>
  readonly database: DatabaseSync
  /** By bucket and key. */
  readonly objects: ReadonlyMap<string, Buffer>
  /** The files of statements that came, in order. */
  readonly imports: readonly string[]
  /** What was done that others can see, in order: 'migrate', 'deploy NAME', 'put BUCKET'. */
  readonly log: readonly string[]
  /** The ids of the databases that were asked. */
  databases(): string[]
  /** The buckets that were made. */
  readonly buckets: readonly string[]
  /** Of the Worker that was deployed, by name. */
  readonly secrets: ReadonlyMap<string, string>
  tables(): string[]
  /** How many requests came. */
  requests(): number
  close(): Promise<void>
}

const ACCOUNT = 'stand-in'
const TOKEN = 'stand-in-token'
const RESOURCES = { script: { etag: 'etag' }, script_runtime: {}, bindings: [] }
const META = { duration: 0, rows_read: 0, rows_written: 0, size_after: 0 }

interface Request {
  readonly method: string
  readonly path: string
  readonly body: Buffer
  readonly origin: string
}

class Refusal extends Error {
  readonly status: number
  readonly code: number
  constructor(status: number, code: number, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export async function createStandInAccount(): Promise<StandInAccount> {
  const database = new DatabaseSync(':memory:')
  const objects = new Map<string, Buffer>()
  const secrets = new Map<string, string>()
  const asked = new Set<string>()
  const workers = new Set<string>()
  const made: { name: string; uuid: string }[] = []
  const [imports, log, buckets]: [string[], string[], string[]] = [[], [], []]
  let uploaded = ''
  let requests = 0

  const query = (sql: string): unknown => {
    // Only a statement alone can have rows that wrangler reads.
    if (/^\s*(select|pragma)/i.test(sql))
      return [{ success: true, results: database.prepare(sql).all(), meta: { ...META, changes: 0 } }]
    if (/create table `?events/i.test(sql)) log.push('migrate')
    const before = totalChanges()
    database.exec(`begin; ${sql}; commit`)
    return [{ success: true, results: [], meta: { ...META, changes: totalChanges() - before } }]
  }
  const totalChanges = (): number =>
    Number(database.prepare('select total_changes() as changes').get()?.['changes'])
  const ingest = (): unknown => {
    imports.push(uploaded)
    const before = totalChanges()
    query(uploaded)
    const meta = { ...META, changes: totalChanges() - before }
    const result = { num_queries: 1, final_bookmark: 'end', meta }
    return { success: true, status: 'complete', messages: [], result }
  }
  const answerD1 = (path: string, { method, body, origin }: Request): unknown => {
    const [, id = '', action] = /^\/([^/?]*)\/?([^/?]*)/.exec(path) ?? []
    if (id === '' && method === 'GET') return made
    const request = JSON.parse(body.toString()) as { sql?: string; action?: string; name?: string }
    if (id === '' && method === 'POST') {
      made.push({ name: request.name ?? '', uuid: `database-of-${request.name}` })
      log.push(`create ${request.name}`)
      return made.at(-1)
    }
    asked.add(id)
    if (action === 'query') return query(request.sql ?? '')
    if (action === 'import' && request.action === 'init')
      return { upload_url: `${origin}/upload`, filename: 'statements.sql' }
    if (action === 'import' && request.action === 'ingest') return ingest()
    throw new Error(`Nothing stands in for ${method} d1/database${path}`)
  }
  const answerR2 = (path: string, { method, body }: Request): unknown => {
    if (path === '' && method === 'GET')
      return { buckets: buckets.map((name) => ({ name, creation_date: '2026-01-01T00:00:00Z' })) }
    if (path === '' && method === 'POST') {
      const { name } = JSON.parse(body.toString()) as { name: string }
      buckets.push(name)
      log.push(`create ${name}`)
      return {}
    }
    const [bucket = '', ...key] = path.slice(1).split('/objects/')
    if (method === 'PUT' && key.length > 0) {
      objects.set(`${bucket}/${decodeURIComponent(key.join('/objects/'))}`, body)
      log.push(`put ${bucket}`)
    }
    return { name: bucket }
  }
  const answerWorkers = (path: string, { method, body }: Request): unknown => {
    const [, kind, name = '', action] = path.split('/')
    if (kind === 'subdomain') return { subdomain: 'stand-in' }
    if (kind === 'services' && !workers.has(name)) throw new Refusal(404, 10_090, 'no such service')
    if (kind === 'services') return { default_environment: { environment: 'production', script: {} } }
    if (kind === 'workers' && !workers.has(name)) throw new Refusal(404, 10_007, 'no such Worker')
    if (kind === 'workers') return { id: name, name, subdomain: { enabled: true, previews_enabled: false } }
    const uploads = (action === undefined && method === 'PUT') || (action === 'versions' && method === 'POST')
    if (kind === 'scripts' && uploads) {
      workers.add(name)
      log.push(`deploy ${name}`)
      return {
        id: name,
        etag: 'etag',
        startup_time_ms: 1,
        entry_point: 'index.js',
        metadata: {},
        resources: RESOURCES,
      }
    }
    if (kind === 'scripts' && action === 'deployments') return { id: name, deployments: [] }
    if (kind === 'scripts' && action === 'secrets')
      return [...secrets.keys()].map((key) => ({ name: key, type: 'secret_text' }))
    if (kind === 'scripts' && action === 'secrets-bulk' && method === 'PATCH') {
      const sent = JSON.parse(body.toString()) as { secrets: Record<string, { name: string; text: string }> }
      for (const secret of Object.values(sent.secrets)) secrets.set(secret.name, secret.text)
      log.push(`secrets ${name}`)
      return {}
    }
    if (kind === 'scripts' && action === 'subdomain') return { enabled: true, previews_enabled: false }
    if (kind === 'scripts' && action === 'script-settings') return {}
    if (kind === 'scripts' && action === 'schedules' && method === 'PUT') {
      log.push(`schedule ${name}`)
      return { schedules: JSON.parse(body.toString()) as unknown }
    }
    throw new Error(`Nothing stands in for ${method} workers${path}`)
  }
  const answer = (request: Request): unknown => {
    const { method, path, body } = request
    if (path === '/upload') {
      uploaded = body.toString()
      return {}
    }
    const inAccount = path.split('?')[0]?.replace(`/accounts/${ACCOUNT}`, '') ?? ''
    if (inAccount.startsWith('/d1/database')) return answerD1(inAccount.slice('/d1/database'.length), request)
    if (inAccount.startsWith('/r2/buckets')) return answerR2(inAccount.slice('/r2/buckets'.length), request)
    if (inAccount.startsWith('/workers')) return answerWorkers(inAccount.slice('/workers'.length), request)
    throw new Error(`Nothing stands in for ${method} ${path}`)
  }

  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const path = request.url ?? ''
      requests += 1
      const isUpload = path === '/upload'
      if (!isUpload && request.headers.authorization !== `Bearer ${TOKEN}`)
        return response.writeHead(403).end()
      if (isUpload) response.setHeader('etag', `"${md5(body)}"`)
      response.setHeader('content-type', 'application/json')
      try {
        const origin = `http://${request.headers.host}`
        const result = answer({ method: request.method ?? 'GET', path, body, origin })
        return response.end(JSON.stringify({ success: true, errors: [], messages: [], result }))
      } catch (error) {
        const { status, code } = error instanceof Refusal ? error : { status: 400, code: 7500 }
        const errors = [{ code, message: String(error) }]
        return response.writeHead(status).end(JSON.stringify({ success: false, errors, messages: [] }))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    env: {
      CLOUDFLARE_API_BASE_URL: `http://127.0.0.1:${port}`,
      CLOUDFLARE_ACCOUNT_ID: ACCOUNT,
      CLOUDFLARE_API_TOKEN: TOKEN,
    },
    database,
    objects,
    imports,
    log,
    buckets,
    secrets,
    databases: () => [...asked],
    tables: () =>
      database
        .prepare("select name from sqlite_master where type = 'table'")
        .all()
        .map(({ name }) => String(name)),
    requests: () => requests,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
}

function md5(body: Buffer): string {
  return createHash('md5').update(body).digest('hex')
}
