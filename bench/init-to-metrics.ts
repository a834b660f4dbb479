// From files to metrics with no edit between: init --yes, check, train, evaluate, on each public data set. Prints
// the minutes of each step and what the model says of the first task, beside the prior.
//   node bench/init-to-metrics.ts [DATASET…] [--data ../shared/data]
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { data: { type: 'string', default: join(import.meta.dirname, '../../shared/data') } },
})

const command = join(import.meta.dirname, '../cli/presage.ts')
const STEPS = ['init', 'check', 'train', 'evaluate'] as const
/** Of the first task those that it has: a class's first, then an amount's. */
const SHOWN = ['auc', 'accuracy', 'logLoss', 'rmse', 'mae']

interface Taken {
  readonly minutes: readonly string[]
  readonly said: string
}

console.log(`| data | ${STEPS.map((step) => `${step}, min`).join(' | ')} | first task |`)
console.log(`| --- |${' --: |'.repeat(STEPS.length)} --- |`)
const names = positionals.length > 0 ? positionals : dataSets(options.data)
let failed = 0
for (const name of names) {
  const { minutes, said } = take(join(options.data, name), name)
  if (minutes.length < STEPS.length) failed += 1
  const cells = STEPS.map((_, index) => minutes[index] ?? '')
  console.log(`| ${name} | ${cells.join(' | ')} | ${said} |`)
}
if (failed > 0) process.exitCode = 1

function dataSets(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => statSync(join(folder, name)).isDirectory())
    .toSorted()
}

/** Every step until one fails, which says why. */
function take(path: string, name: string): Taken {
  const home = mkdtempSync(join(tmpdir(), 'init-to-metrics-'))
  // Another name than that of a project in projects/, which would share its database.
  const project = join(home, `${name}-found.project.ts`)
  const args = {
    init: ['init', path, '--yes', '--name', project],
    check: ['check', project, '--data', path],
    train: ['train', project, '--data', path],
    evaluate: ['evaluate', project, '--data', path, '--json'],
  }
  const minutes: string[] = []
  try {
    let output = ''
    for (const step of STEPS) {
      const startMs = performance.now()
      const ran = spawnSync(process.execPath, [command, ...args[step]], {
        encoding: 'utf8',
        env: { ...process.env, PRESAGE_HOME: home },
        maxBuffer: 1e9,
      })
      if (ran.status !== 0) return { minutes, said: `${step}: ${ran.stderr.trim().split('\n').at(-1) ?? ''}` }
      minutes.push(((performance.now() - startMs) / 60_000).toFixed(2))
      output = ran.stdout
    }
    return { minutes, said: metricOf(output) }
  } finally {
    rmSync(home, { recursive: true, force: true })
  }
}

type Metrics = Readonly<Record<string, unknown>>

interface Result {
  readonly tasks: Readonly<Record<string, Metrics & { readonly prior?: Metrics }>>
}

function metricOf(output: string): string {
  const { tasks } = JSON.parse(output.trim().split('\n').at(-1) ?? '') as Result
  const [first] = Object.entries(tasks)
  if (first === undefined) return 'no task'
  const [name, { prior = {}, ...metrics }] = first
  const shown = SHOWN.flatMap((metric) => {
    const [here, before] = [metrics[metric], prior[metric]]
    if (typeof here !== 'number' || typeof before !== 'number') return []
    return [`${metric} ${here.toPrecision(3)} (prior ${before.toPrecision(3)})`]
  })
  return `${name}: ${shown.join(', ')}`
}
