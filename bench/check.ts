// How long `presage check` takes over a log of many rows, start included, and in how much memory: one line of JSON.
//   node bench/check.ts [--rows 1000000]
import { execFile } from 'node:child_process'
import { createWriteStream, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { execPath } from 'node:process'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { parseArgs, promisify } from 'node:util'
import { viewLog } from './view-log.ts'

/** Writes what the process has used at its end to the file that the environment names. */
const TELL_USAGE = `process.on('exit', () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage()
  const used = { cpuSeconds: (userCPUTime + systemCPUTime) / 1e6, peakMegabytes: Math.round(maxRSS / 1024) }
  require('node:fs').writeFileSync(process.env.USAGE_FILE, JSON.stringify(used))
})`

const { values } = parseArgs({ options: { rows: { type: 'string', default: '1000000' } } })
const rows = Number(values.rows)
const folder = mkdtempSync(join(tmpdir(), 'presage-bench-'))
try {
  const [log, usage, preload] = ['events.csv', 'usage.json', 'tell-usage.cjs'].map((name) =>
    join(folder, name),
  )
  await pipeline(Readable.from(viewLog({ rows })), createWriteStream(String(log)))
  writeFileSync(String(preload), TELL_USAGE)
  const startMs = performance.now()
  await promisify(execFile)(
    execPath,
    ['--require', String(preload), 'cli/presage.ts', 'check', 'shop', '--data', String(log), '--json'],
    { env: { ...process.env, USAGE_FILE: String(usage) } },
  )
  const seconds = (performance.now() - startMs) / 1_000
  const used = JSON.parse(readFileSync(String(usage), 'utf8')) as object
  console.log(JSON.stringify({ rows, seconds, ...used }))
} finally {
  rmSync(folder, { recursive: true, force: true })
}
