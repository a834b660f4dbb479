// Writes files in every dialect, reads them, and compares: any number of cases, each by its seed.
//   node bench/generated-files.ts [--from 1] [--cases 1000] [--state FILE] [--shrink SEED]
// With --state the seed that comes next, and those that failed, are kept in a file, from which the same command
// goes on; so several shards may run side by side, each with a range and a file of its own.
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { checkSeed, shrinkSeed } from '../test/training/data/generated/all-cases.ts'
import { createCaseReader } from '../test/training/data/generated/check-case.ts'

const { values: options } = parseArgs({
  options: {
    from: { type: 'string', default: '1' },
    cases: { type: 'string', default: '1000' },
    state: { type: 'string' },
    shrink: { type: 'string' },
  },
})

interface State {
  /** The seed that comes next. */
  next: number
  outcomes: Record<string, number>
  failed: number[]
}

const SAY_EVERY = 500
const SHRINK_MS = 60_000

const reader = await createCaseReader()
try {
  if (options.shrink === undefined) await runAll()
  else console.log(await shrinkSeed(reader, Number(options.shrink), SHRINK_MS))
} finally {
  reader.close()
}

async function runAll(): Promise<void> {
  const [from, until] = [Number(options.from), Number(options.from) + Number(options.cases)]
  const state = readState(from)
  const [startMs, first] = [performance.now(), state.next]
  while (state.next < until) {
    try {
      const outcome = await checkSeed(reader, state.next)
      state.outcomes[outcome] = (state.outcomes[outcome] ?? 0) + 1
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error)
      console.log(`seed ${state.next}: ${message.slice(0, 600)}`)
      state.failed.push(state.next)
    }
    state.next += 1
    if ((state.next - from) % SAY_EVERY === 0 || state.next === until) {
      say(state, { rate: (1000 * (state.next - first)) / (performance.now() - startMs), from, until })
      keepState(state)
    }
  }
  if (state.failed.length > 0) process.exitCode = 1
}

function say(
  { next, outcomes, failed }: State,
  { rate, from, until }: { readonly rate: number; readonly from: number; readonly until: number },
): void {
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`)
  const first = failed.length === 0 ? '' : `, the first of seed ${failed[0]}`
  const left = next === until ? '' : `, ${Math.ceil((until - next) / rate / 60)} min left`
  console.log(
    `${next - from} of ${until - from} cases: ${counts.join(', ')}, ${failed.length} faults${first}; ${rate.toFixed(1)} a second${left}`,
  )
}

function readState(from: number): State {
  const path = options.state
  if (path === undefined || !existsSync(path)) return { next: from, outcomes: {}, failed: [] }
  return JSON.parse(readFileSync(path, 'utf8')) as State
}

function keepState(state: State): void {
  if (options.state === undefined) return
  writeFileSync(`${options.state}.part`, JSON.stringify(state))
  renameSync(`${options.state}.part`, options.state)
}
