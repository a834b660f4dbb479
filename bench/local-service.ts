// A local service for measurements: wrangler dev over a D1 and an R2 of its own in a temporary folder.
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { getPlatformProxy } from 'wrangler'
import { freePort } from '../test/cli/free-port.ts'

export interface LocalService {
  readonly url: string
  stop(): Promise<void>
}

/** What D1 and R2 hold at the start. */
export interface Seed {
  readonly statements: readonly { readonly sql: string; readonly parameters: readonly unknown[] }[]
  readonly files: Readonly<Record<string, Uint8Array>>
}

interface Stores {
  readonly [name: string]: unknown
  readonly DB: {
    prepare(sql: string): { bind(...parameters: readonly unknown[]): { run(): Promise<unknown> } }
  }
  readonly BUNDLES: { put(key: string, content: Uint8Array): Promise<unknown> }
}

const START_TIMEOUT_MS = 60_000

/** Starts the Worker of this script over the seeded stores; rejects when it is not live in a minute. */
export async function startService(script: string, seed: Seed): Promise<LocalService> {
  const folder = await mkdtemp(join(tmpdir(), 'presage-bench-'))
  await fill(folder, seed)
  const port = await freePort()
  const wrangler = spawn(
    process.execPath,
    ['node_modules/wrangler/bin/wrangler.js', 'dev', script, '--port', String(port), '--persist-to', folder],
    // wrangler's own observability would take longer than the requests that are measured.
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, X_LOCAL_OBSERVABILITY: 'false', CI: '1' } },
  )
  const url = `http://127.0.0.1:${port}`
  const stop = async (): Promise<void> => {
    await ended(wrangler)
    await rm(folder, { recursive: true, force: true })
  }
  try {
    await live(url, wrangler)
  } catch (error) {
    await stop()
    throw error
  }
  return { url, stop }
}

async function fill(folder: string, seed: Seed): Promise<void> {
  const { env, dispose } = await getPlatformProxy<Stores>({ persist: { path: join(folder, 'v3') } })
  const migrations = (await readdir('migrations')).filter((name) => name.endsWith('.sql')).toSorted()
  for (const name of migrations) {
    const text = await readFile(join('migrations', name), 'utf8')
    for (const sql of text.split('--> statement-breakpoint')) await env.DB.prepare(sql).bind().run()
  }
  for (const { sql, parameters } of seed.statements)
    await env.DB.prepare(sql)
      .bind(...parameters)
      .run()
  for (const [key, content] of Object.entries(seed.files)) await env.BUNDLES.put(key, content)
  await dispose()
}

async function live(url: string, wrangler: ChildProcess): Promise<void> {
  let said = ''
  for (const stream of [wrangler.stdout, wrangler.stderr]) {
    stream?.on('data', (chunk: Buffer) => (said = (said + chunk.toString()).slice(-4_000)))
  }
  const endMs = Date.now() + START_TIMEOUT_MS
  while (Date.now() < endMs && wrangler.exitCode === null) {
    const reply = await fetch(`${url}/livez`).catch(() => undefined)
    if (reply?.ok === true) return
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  throw new Error(`wrangler dev did not answer:\n${said}`)
}

async function ended(wrangler: ChildProcess): Promise<void> {
  if (wrangler.exitCode !== null) return
  const exit = new Promise((resolve) => wrangler.once('exit', resolve))
  wrangler.kill('SIGTERM')
  await exit
}
