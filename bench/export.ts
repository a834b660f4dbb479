// How fast a service's events are exported, how much memory that takes, and whether the export is one moment
// though events arrive all the while and the export is killed twice:
//   npx node bench/export.ts [--events 1000000] [--json]
import { spawn } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { serve } from '../cli/service/serve.ts'
import { createKey } from '../cli/storage/keys.ts'
import { withStorage } from '../cli/storage/open-storage.ts'
import { rootFolder } from '../cli/storage/paths.ts'
import { freePort } from '../test/cli/free-port.ts'
import { openDatabase, quoteFile } from '../training/data/database.ts'

const { values } = parseArgs({
  options: { events: { type: 'string', default: '1000000' }, json: { type: 'boolean', default: false } },
})
const eventCount = Number(values.events)
const say = (line: string): void => void process.stderr.write(`${line}\n`)

const folder = mkdtempSync(join(tmpdir(), 'presage-bench-'))
const state = join(folder, 'state')
const out = join(folder, 'out')
const home = join(folder, 'home')

/** Events of 20,000 users over a year, stored long ago. */
const FILL = `insert into events
  select 'user-' || (value * 7919 % 20000), 1700000000000 + value * 31557, 'event-' || value,
    iif(value % 20 = 0, 'purchase', 'view'), 'item-' || (value * 104729 % 5000), iif(value % 20 = 0, value % 97, null),
    '{"device":"phone"}', 1700000000000 + value * 31557, 0, 1
  from generate_series`

async function fill(): Promise<string> {
  return withStorage({ kind: 'local', state }, {}, async (storage) => {
    const step = 50_000
    for (let from = 0; from < eventCount; from += step) {
      const until = Math.min(from + step, eventCount) - 1
      const series = `(with recursive numbers(value) as (select ${from} union all select value + 1 from numbers where value < ${until}) select value from numbers)`
      await storage.execute([FILL.replace('generate_series', series)])
    }
    return (await createKey({ scopes: ['admin'], storage, nowMs: Date.now() })).key
  })
}

/** Sends fifty events at a time until it is told to stop; gives how many. */
function ingest(url: string, key: string): { stop(): Promise<number> } {
  const over = new AbortController()
  const done = (async () => {
    let sent = 0
    while (!over.signal.aborted) {
      const events = Array.from({ length: 50 }, (_, index) => ({
        id: `new-${sent + index}`,
        type: 'search',
        userId: `user-${(sent + index) % 20_000}`,
        occurredAt: Date.now(),
      }))
      const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
      const response = await fetch(`${url}/v1/events`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ events }),
      })
      if (!response.ok) throw new Error(`POST /v1/events answered ${response.status}`)
      sent += 50
      await sleep(100)
    }
    return sent
  })()
  return {
    stop: () => {
      over.abort()
      return done
    },
  }
}

function startExport(url: string, key: string): ChildProcess {
  const args = ['export', 'shop', '--url', url, '--out', out, '--json']
  return spawn(process.execPath, [join(rootFolder, 'cli/presage.ts'), ...args], {
    env: { ...process.env, PRESAGE_KEY: key, PRESAGE_HOME: home },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** The most that a process held, in MB, as Linux tells while it runs. */
function peakMb({ pid }: ChildProcess): number {
  try {
    const [, kb = '0'] = /VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
    return Number(kb) / 1024
  } catch {
    return 0
  }
}

interface Run {
  readonly seconds: number
  readonly mb: number
  readonly stdout: string
}

/** Runs an export to its end, or kills it once so many bytes are there. */
async function run(child: ChildProcess, killAtBytes = Infinity): Promise<Run> {
  const startMs = performance.now()
  let [mb, stdout] = [0, '']
  const over = new AbortController()
  child.stdout?.on('data', (data: Buffer) => (stdout += data.toString()))
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  void closed.then(() => over.abort())
  while (!over.signal.aborted) {
    mb = Math.max(mb, peakMb(child))
    if (bytesThere() >= killAtBytes) child.kill('SIGKILL')
    await Promise.race([closed, sleep(50)])
  }
  return { seconds: (performance.now() - startMs) / 1000, mb, stdout }
}

function bytesThere(): number {
  try {
    const { tables } = JSON.parse(readFileSync(join(out, 'export.json'), 'utf8')) as {
      readonly tables: { readonly events: { readonly bytes: number } }
    }
    return tables.events.bytes
  } catch {
    return 0
  }
}

/** Whether the file holds what the database had at the export's moment, each event once. */
async function isConsistent(): Promise<boolean> {
  const database = await openDatabase('500MB')
  const [row] = await database.all(
    `select count(*)::double, count(distinct id)::double from read_parquet(${quoteFile(join(out, 'events.parquet'))})`,
  )
  database.close()
  const { untilMs } = JSON.parse(readFileSync(join(out, 'export.json'), 'utf8')) as {
    readonly untilMs: number
  }
  const counted = await withStorage({ kind: 'local', state }, {}, (storage) =>
    storage.select(`select count(*) as count from events where stored_at <= ${untilMs}`),
  )
  const [count, distinct] = (row ?? []).map(Number)
  return count === distinct && count === Number(counted[0]?.['count'])
}

try {
  say(`storing ${eventCount} events`)
  const key = await fill()
  const file = join(rootFolder, 'projects/shop.ts')
  const server = await serve({ project: 'shop', file, state, port: await freePort() })
  try {
    say('exporting, with two kills, while events arrive')
    const arriving = ingest(server.url, key)
    const bytesAll = eventCount * 230
    const killed = [
      await run(startExport(server.url, key), bytesAll * 0.3),
      await run(startExport(server.url, key), bytesAll * 0.6),
    ]
    const last = await run(startExport(server.url, key))
    const sent = await arriving.stop()
    const seconds = [...killed, last].reduce((sum, one) => sum + one.seconds, 0)
    const figures = {
      events: eventCount,
      secondsAll: Number(seconds.toFixed(1)),
      eventsPerSecond: Math.round(eventCount / seconds),
      mbMax: Math.round(Math.max(...killed.map(({ mb }) => mb), last.mb)),
      kills: killed.filter(({ stdout }) => stdout === '').length,
      arrivedMeanwhile: sent,
    }
    await server.stop()
    const all = { ...figures, isConsistent: await isConsistent() }
    if (values.json) console.log(JSON.stringify(all))
    else console.table(all)
  } finally {
    await server.stop()
  }
} finally {
  rmSync(folder, { recursive: true, force: true })
}
