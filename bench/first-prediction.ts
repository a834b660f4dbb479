// How long `npm start` takes to its first served prediction: with nothing done before, and again when all
// that was trained is there. Each run has a folder of its own.
//   node bench/first-prediction.ts [--runs 3] [--port 8790] [--json] [-- OPTIONS OF npm start]
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { median } from './median.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    runs: { type: 'string', default: '3' },
    port: { type: 'string', default: '8790' },
    json: { type: 'boolean', default: false },
  },
})

const firstSeconds: number[] = []
const secondSeconds: number[] = []
let backend = ''
for (let run = 0; run < Number(values.runs); run += 1) {
  const home = mkdtempSync(join(tmpdir(), 'presage-first-'))
  try {
    firstSeconds.push(await secondsToCurl(home))
    secondSeconds.push(await secondsToCurl(home))
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}
const result = { backend, first: summary(firstSeconds), second: summary(secondSeconds) }
console.log(values.json ? JSON.stringify(result) : text(result))

/** Starts, waits for the curl that answers, and stops. */
async function secondsToCurl(home: string): Promise<number> {
  const startMs = performance.now()
  const child = spawn('npm', ['start', '--', '--port', values.port, ...positionals], {
    env: { ...process.env, PRESAGE_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
    // Its own process group, so that npm's children end with it.
    detached: true,
  })
  const exited = new Promise<void>((resolve) => child.once('close', () => resolve()))
  let said = ''
  child.stderr.on('data', (data: Buffer) => (said += data.toString()))
  const printed = new Promise<number>((resolve, reject) => {
    let printedText = ''
    child.stdout.on('data', (data: Buffer) => {
      printedText += data.toString()
      if (/^curl .*$/m.test(printedText)) resolve((performance.now() - startMs) / 1000)
    })
    child.once('close', () => reject(new Error(`npm start ended: ${said.slice(-2_000)}`)))
  })
  try {
    return await printed
  } finally {
    backend = /examples, (native TensorFlow|WebAssembly)/.exec(said)?.[1] ?? backend
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT')
    await exited
  }
}

interface Summary {
  readonly medianSeconds: number
  readonly runs: readonly number[]
}

function summary(seconds: readonly number[]): Summary {
  return { medianSeconds: median(seconds), runs: seconds }
}

function text({ first, second }: { readonly first: Summary; readonly second: Summary }): string {
  const line = (name: string, { medianSeconds, runs }: Summary, bound: number): string =>
    `${name}  ${medianSeconds.toFixed(1)} s (${runs.map((seconds) => seconds.toFixed(1)).join(', ')}; at most ${bound})`
  return [
    `npm start, trained in ${backend}: seconds to the first served prediction, median (runs)`,
    line('first start ', first, 60),
    line('second start', second, 15),
  ].join('\n')
}
