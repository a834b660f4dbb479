// How long the Worker takes to start, as `wrangler check startup` sees it: median of five.
//   node bench/start-up.ts [--json]
import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { median } from './median.ts'

const RUN_COUNT = 5
const run = promisify(execFile)

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const folder = await mkdtemp(join(tmpdir(), 'presage-bench-'))
try {
  const windowsMs: number[] = []
  const activeMs: number[] = []
  for (let index = 0; index < RUN_COUNT; index += 1) {
    const wrangler = ['node_modules/wrangler/bin/wrangler.js', 'check', 'startup']
    const { stdout } = await run(process.execPath, [
      ...wrangler,
      '--outfile',
      join(folder, 'start-up.cpuprofile'),
    ])
    windowsMs.push(readMs(stdout, 'Profile window'))
    activeMs.push(readMs(stdout, 'Active'))
  }
  const result = { runs: RUN_COUNT, windowMs: median(windowsMs), activeMs: median(activeMs) }
  const text = `start-up ${result.windowMs} ms, ${result.activeMs} ms of it active (median of ${RUN_COUNT}; under 400)`
  console.log(values.json ? JSON.stringify(result) : text)
} finally {
  await rm(folder, { recursive: true, force: true })
}

function readMs(text: string, label: string): number {
  const found = new RegExp(`${label}: ([\\d.]+) ms`).exec(text)?.[1]
  if (found === undefined) throw new Error(`wrangler said nothing of '${label}':\n${text}`)
  return Number(found)
}
