// How fast a log is read, checked and brought into order, in how much memory, beside DuckDB's own count over the
// same columns of the same file in the same run. Each reads in a process of its own.
//   node bench/read-file.ts [--megabytes 2000] [--memory 800MB]
import { execFile } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { argv, cpuUsage, execPath, resourceUsage } from 'node:process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs, promisify } from 'node:util'
import { DuckDBInstance } from '@duckdb/node-api'
import { createRandom } from '../features/random.ts'
import { shop } from '../projects/shop.ts'
import { describeDataFault } from '../training/data/data-fault.ts'
import { quoteFile } from '../training/data/database.ts'
import { openDataSet } from '../training/data/open-data-set.ts'

const COLUMNS = ['id', 'type', 'userId', 'itemId', 'occurredAt'] as const
const LINES_AT_ONCE = 10_000

interface Measured {
  readonly rows: number
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakMegabytes: number
}

const { values } = parseArgs({
  options: {
    megabytes: { type: 'string', default: '2000' },
    memory: { type: 'string', default: '800MB' },
    /** What a child is to do. */
    child: { type: 'string' },
    path: { type: 'string', default: '' },
  },
})

if (values.child === undefined) await compare()
else console.log(JSON.stringify(await measure(values.child === 'read' ? readLog : countRows)))

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'presage-bench-'))
  try {
    const path = join(folder, 'events.csv')
    const megabytes = Number(values.megabytes)
    await pipeline(Readable.from(lines(megabytes * 1e6)), createWriteStream(path))
    const count = await inChild('count', path)
    const read = await inChild('read', path)
    for (const [name, { rows, seconds, cpuSeconds, peakMegabytes }] of Object.entries({ count, read })) {
      const rate = `${(megabytes / seconds).toFixed(1)} MB/s`
      const took = `${seconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s of CPU)`
      console.log(`${name}: ${rows} rows in ${took}, ${rate}, ${peakMegabytes.toFixed(0)} MB at most`)
    }
    const [byTime, byCpu] = [read.seconds / count.seconds, read.cpuSeconds / count.cpuSeconds]
    console.log(`read over count: ${byTime.toFixed(1)} by time, ${byCpu.toFixed(1)} by CPU`)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function inChild(child: 'read' | 'count', path: string): Promise<Measured> {
  const own = [argv[1] ?? '', '--child', child, '--path', path, '--memory', values.memory]
  const { stdout } = await promisify(execFile)(execPath, own)
  return JSON.parse(stdout) as Measured
}

async function measure(read: () => Promise<number>): Promise<Measured> {
  const [startMs, start] = [performance.now(), cpuUsage()]
  const rows = await read()
  const { user, system } = cpuUsage(start)
  return {
    rows,
    seconds: (performance.now() - startMs) / 1_000,
    cpuSeconds: (user + system) / 1e6,
    peakMegabytes: resourceUsage().maxRSS / 1_024,
  }
}

async function readLog(): Promise<number> {
  const { path, memory } = values
  const opened = await openDataSet({
    project: shop,
    path,
    skipBadRows: false,
    nowMs: Date.now(),
    memoryLimit: memory,
  })
  if (!opened.ok) throw new Error(describeDataFault(opened.reason))
  opened.value.close()
  return opened.value.eventCount
}

async function countRows(): Promise<number> {
  const instance = await DuckDBInstance.create(':memory:', { memory_limit: values.memory, threads: '2' })
  const connection = await instance.connect()
  const counts = COLUMNS.map((name) => `count("${name}")`).join(', ')
  const types = COLUMNS.map((name) => `'${name}': 'VARCHAR'`).join(', ')
  const answer = await connection.runAndReadAll(
    `select count(*)::double, ${counts} from read_csv(${quoteFile(values.path)}, header = true, columns = {${types}})`,
  )
  return Number(answer.getRowsJS()[0]?.[0])
}

/** Views of 200,000 users in the order of time; the same file every time. */
function* lines(bytes: number): Generator<string> {
  const random = createRandom(1)
  const startMs = Date.UTC(2024, 0, 1)
  let [written, row] = [0, 0]
  while (written < bytes) {
    const some: string[] = row === 0 ? [COLUMNS.join(',')] : []
    for (let line = 0; line < LINES_AT_ONCE; line += 1) {
      const [user, item] = [random.next(), random.next()].map((drawn) => Math.floor(drawn * 200_000))
      some.push(`e${row},view,u${user},i${item},${new Date(startMs + row * 1_000).toISOString()}`)
      row += 1
    }
    const text = `${some.join('\n')}\n`
    written += text.length
    yield text
  }
}
