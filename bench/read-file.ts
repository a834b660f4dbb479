// How fast a log is read and checked, and brought into the order of users as well, in how much memory, beside
// DuckDB's own count over the same columns of the same file in the same run. Each reads in a process of its own.
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
import { shop } from '../projects/shop.ts'
import { describeDataFault } from '../training/data/data-fault.ts'
import { quoteFile } from '../training/data/database.ts'
import { openDataSet } from '../training/data/open-data-set.ts'
import { COLUMNS, viewLog } from './view-log.ts'

interface Measured {
  readonly rows: number
  readonly seconds: number
  readonly cpuSeconds: number
  readonly peakMegabytes: number
}

const TASKS: Readonly<Record<string, () => Promise<number>>> = {
  read: async () => readLog(false),
  order: async () => readLog(true),
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
else console.log(JSON.stringify(await measure(TASKS[values.child] ?? countRows)))

async function compare(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'presage-bench-'))
  try {
    const path = join(folder, 'events.csv')
    const megabytes = Number(values.megabytes)
    await pipeline(Readable.from(viewLog({ bytes: megabytes * 1e6 })), createWriteStream(path))
    const count = await inChild('count', path)
    const read = await inChild('read', path)
    const order = await inChild('order', path)
    for (const [name, { rows, seconds, cpuSeconds, peakMegabytes }] of Object.entries({
      count,
      read,
      order,
    })) {
      const rate = `${(megabytes / seconds).toFixed(1)} MB/s`
      const took = `${seconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s of CPU)`
      console.log(`${name}: ${rows} rows in ${took}, ${rate}, ${peakMegabytes.toFixed(0)} MB at most`)
    }
    const [byTime, byCpu] = [read.seconds / count.seconds, read.cpuSeconds / count.cpuSeconds]
    console.log(`read over count: ${byTime.toFixed(1)} by time, ${byCpu.toFixed(1)} by CPU`)
    console.log(JSON.stringify({ megabytes, memory: values.memory, count, read, order, byTime, byCpu }))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function inChild(child: 'count' | 'read' | 'order', path: string): Promise<Measured> {
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

/** @param isOrdered whether to wait for the first user, before whom all are brought into order */
async function readLog(isOrdered: boolean): Promise<number> {
  const { path, memory } = values
  const opened = await openDataSet({
    project: shop,
    path,
    skipBadRows: false,
    nowMs: Date.now(),
    memoryLimit: memory,
  })
  if (!opened.ok) throw new Error(describeDataFault(opened.reason))
  if (isOrdered) for await (const _ of opened.value.users()) break
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
