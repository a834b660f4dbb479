// Stands in for a Cloudflare account, which tests cannot have: the part of its API that wrangler calls
// for D1 and R2, on SQLite and in memory. It shows what the real wrangler sends, not how Cloudflare
// takes it.
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
  close(): Promise<void>
}

const ACCOUNT = 'stand-in'
const TOKEN = 'stand-in-token'

export async function createStandInAccount(): Promise<StandInAccount> {
  const database = new DatabaseSync(':memory:')
  const objects = new Map<string, Buffer>()
  const imports: string[] = []
  const base = `/accounts/${ACCOUNT}`
  let uploaded = ''

  const query = (sql: string): unknown => {
    const meta = { duration: 0, rows_read: 0, rows_written: 0, size_after: 0 }
    // Only a statement alone can have rows that wrangler reads.
    if (/^\s*select/i.test(sql)) return [{ success: true, results: database.prepare(sql).all(), meta }]
    database.exec(`begin; ${sql}; commit`)
    return [{ success: true, results: [], meta }]
  }
  const ingest = (): unknown => {
    imports.push(uploaded)
    query(uploaded)
    const meta = { duration: 0, rows_read: 0, rows_written: 0, size_after: 0 }
    const result = { num_queries: 1, final_bookmark: 'end', meta }
    return { success: true, status: 'complete', messages: [], result }
  }
  const answer = (path: string, body: Buffer, origin: string): unknown => {
    if (path === '/upload') {
      uploaded = body.toString()
      return {}
    }
    if (path.startsWith(`${base}/r2/buckets/`)) {
      const [bucket = '', ...key] = path.slice(`${base}/r2/buckets/`.length).split('/objects/')
      objects.set(`${bucket}/${decodeURIComponent(key.join('/objects/'))}`, body)
      return {}
    }
    const request = JSON.parse(body.toString()) as { sql?: string; action?: string }
    if (path.endsWith('/query')) return query(request.sql ?? '')
    if (path.endsWith('/import') && request.action === 'init') {
      return { upload_url: `${origin}/upload`, filename: 'statements.sql' }
    }
    if (path.endsWith('/import') && request.action === 'ingest') return ingest()
    throw new Error(`Nothing stands in for ${path}`)
  }

  const server = createServer((request, response) => {
    void readBody(request).then((body) => {
      const path = request.url ?? ''
      const isUpload = path === '/upload'
      if (!isUpload && request.headers.authorization !== `Bearer ${TOKEN}`)
        return response.writeHead(403).end()
      if (isUpload) response.setHeader('etag', `"${md5(body)}"`)
      response.setHeader('content-type', 'application/json')
      try {
        const result = answer(path, body, `http://${request.headers.host}`)
        return response.end(JSON.stringify({ success: true, errors: [], messages: [], result }))
      } catch (error) {
        const errors = [{ code: 7500, message: String(error) }]
        return response.writeHead(400).end(JSON.stringify({ success: false, errors, messages: [] }))
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
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(request as AsyncIterable<Buffer>))
}

function md5(body: Buffer): string {
  return createHash('md5').update(body).digest('hex')
}
