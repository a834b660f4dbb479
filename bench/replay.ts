// How long it takes, and how much memory, to go from a log to examples: choose moments, learn, encode.
//   node bench/replay.ts shop --data PATH [--examples 100000] [--seed 1] [--json]
//   node bench/replay.ts --events-of-one-user 100000
// A log of 80,000 users: `presage simulate shop --users 80000 --out PATH` first. With --events-of-one-user
// the log is made here: one user with so many events, who is asked as often as may be, among 200 others.
import { parseArgs } from 'node:util'
import { loadProject } from '../cli/projects/load-project.ts'
import { shop } from '../projects/shop.ts'
import { createRandom } from '../features/random.ts'
import type { Event } from '../features/event.ts'
import { describeDataFault } from '../training/data/data-fault.ts'
import type { DataSet, UserRecord } from '../training/data/data-set.ts'
import { NO_FILES } from '../training/data/report/report.ts'
import { openDataSet } from '../training/data/open-data-set.ts'
import { encodeParts } from '../training/examples/encode-moments.ts'
import { learnFeatures } from '../training/learn/learn-features.ts'
import { describeMomentFault } from '../training/moments/moment-fault.ts'
import { partNames } from '../training/moments/parts.ts'
import { planMoments } from '../training/moments/plan-moments.ts'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string' },
    'events-of-one-user': { type: 'string' },
    examples: { type: 'string', default: '100000' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})

interface Measured {
  readonly step: string
  readonly seconds: number
  /** Of processor time, all threads together: what a busy machine does not stretch. */
  readonly cpuSeconds: number
  /** The most the process ever held, in megabytes. */
  readonly peakMb: number
}

const measured: Measured[] = []
const { project } = await loadProject(positionals[0] ?? 'shop')
const seed = Number(options.seed)
const train = Number(options.examples)
const data = await step('open', openData)
const plan = await step('choose moments', async () => {
  const examples = { train, validation: Math.ceil(0.2 * train), test: Math.ceil(0.3 * train) }
  const planned = await planMoments({ project, data, seed, examples })
  if (!planned.ok) throw new Error(describeMomentFault(planned.reason))
  return planned.value
})
const features = await step('learn features', () => learnFeatures({ project, data, plan }))
const { examples } = await step('encode', () =>
  encodeParts({ project, data, features, plan, parts: partNames }),
)
data.close()
const counts = Object.fromEntries(partNames.map((name) => [name, examples[name].count]))
const head = { project: project.name, users: data.userCount, events: data.eventCount, examples: counts }
if (options.json) console.log(JSON.stringify({ ...head, steps: measured }))
else console.log(table())

async function step<Value>(name: string, work: () => Promise<Value>): Promise<Value> {
  const [startMs, cpu] = [performance.now(), process.cpuUsage()]
  const value = await work()
  const seconds = (performance.now() - startMs) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const cpuSeconds = (user + system) / 1e6
  measured.push({ step: name, seconds, cpuSeconds, peakMb: process.resourceUsage().maxRSS / 1024 })
  return value
}

async function openData(): Promise<DataSet> {
  if (options.data === undefined) return oneUserLog(Number(options['events-of-one-user'] ?? 100_000))
  const opened = await openDataSet({ project, path: options.data, skipBadRows: false, nowMs: Date.now() })
  if (!opened.ok) throw new Error(describeDataFault(opened.reason))
  return opened.value
}

/** One user with as many events, 200 others with thirty each, over 240 days. */
function oneUserLog(eventCount: number): DataSet {
  const random = createRandom(seed)
  const [startMs, spanMs] = [1_700_000_000_000, 240 * 86_400_000]
  const types = Object.keys(shop.events)
  const userOf = (userId: string, count: number): UserRecord => ({
    userId,
    versions: [],
    questions: [],
    events: Array.from({ length: count }, () => startMs + Math.floor(random.next() * spanMs))
      .toSorted((a, b) => a - b)
      .map((occurredAt, place): Event => {
        const type = types[random.integer(types.length)] ?? ''
        const itemId = `item-${random.integer(300)}`
        return {
          id: `${userId}-${place}`,
          type,
          userId,
          itemId,
          value: 1,
          occurredAt,
          receivedAt: occurredAt,
        }
      }),
  })
  const users = [
    userOf('a-bot', eventCount),
    ...Array.from({ length: 200 }, (_, user) => userOf(`u-${user}`, 30)),
  ]
  return {
    eventCount: eventCount + 200 * 30,
    userCount: users.length,
    questionCount: 0,
    report: NO_FILES,
    span: { startMs, endMs: startMs + spanMs },
    items: new Map(),
    undated: [],
    notes: [],
    users: async function* () {
      yield* users
    },
    close: () => {},
  }
}

function table(): string {
  const lines = measured.map(({ step: name, seconds, cpuSeconds, peakMb }) => {
    return `| ${name} | ${seconds.toFixed(1)} | ${cpuSeconds.toFixed(1)} | ${peakMb.toFixed(0)} |`
  })
  const all = measured.reduce((sum, { seconds }) => sum + seconds, 0)
  const cpu = measured.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0)
  return [
    `${head.project}: ${head.events} events of ${head.users} users, ${JSON.stringify(counts)}`,
    '',
    '| step | seconds | of processor time | peak memory so far, MB |',
    '|---|---|---|---|',
    ...lines,
    `| all | ${all.toFixed(1)} | ${cpu.toFixed(1)} | |`,
  ].join('\n')
}
