// Growing trees on many rows, beside LightGBM in the same run where a Python that has it is named: a million
// rows of 30 columns, 100 trees of 31 leaves, the same learning rate, no sampling. Made-up rows; tested on
// others of the same law.
//   node bench/trees.ts [--rows 1000000] [--columns 30] [--rounds 100] [--threads 2]
//     [--seed 1] [--python /path/to/venv/bin/python] [--json]
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { createRandom } from '../features/random.ts'
import { binTable } from '../training/trees/bin-table.ts'
import { boost, startScores } from '../training/trees/boost.ts'
import type { Table } from '../training/trees/columns.ts'
import { learnBins } from '../training/trees/learn-bins.ts'
import { binaryLogLoss, meanLossOf } from '../training/trees/objective.ts'
import { boostDefaults } from '../training/trees/settings.ts'
import { addTree } from '../training/trees/tree.ts'

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    columns: { type: 'string', default: '30' },
    rounds: { type: 'string', default: '100' },
    threads: { type: 'string', default: '2' },
    seed: { type: 'string', default: '1' },
    python: { type: 'string' },
    json: { type: 'boolean', default: false },
  },
})
const [rows, width, rounds, threadCount] = [
  options.rows,
  options.columns,
  options.rounds,
  options.threads,
].map(Number) as [number, number, number, number]
const TEST_ROWS = 100_000

interface Sample {
  readonly columns: readonly Float32Array[]
  readonly targets: Float32Array
}

interface Measured {
  readonly seconds: number
  readonly cpuSeconds: number
  readonly logLoss: number
}

const world = Number(options.seed)
const [train, test] = [drawSample(2 * world - 1, rows), drawSample(2 * world, TEST_ROWS)]
const ours = await measureOurs()
const theirs = options.python === undefined ? undefined : measureLightGbm(options.python)
const measured = { rows, columns: width, rounds, threads: threadCount, ours, lightgbm: theirs }
if (options.json) console.log(JSON.stringify(measured))
else {
  console.log(`trees      ${line(ours)}`)
  if (theirs === undefined) console.log('LightGBM skipped: name a Python that has it by --python')
  else console.log(`LightGBM   ${line(theirs)}\n${(ours.seconds / theirs.seconds).toFixed(2)} times its time`)
}

function line({ seconds, cpuSeconds, logLoss }: Measured): string {
  return `${seconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} s of CPU), log loss ${logLoss.toFixed(5)}`
}

/** Effects that add up, and one of two columns together. */
function drawSample(seed: number, count: number): Sample {
  const random = createRandom(seed)
  const columns = Array.from({ length: width }, () =>
    Float32Array.from({ length: count }, () => random.normal()),
  )
  const at = (column: number, row: number): number => columns[column % width]?.[row] ?? 0
  const targets = Float32Array.from({ length: count }, (_, row) => {
    const logit = at(0, row) + Math.sin(2 * at(1, row)) + at(2, row) * at(3, row) - Math.abs(at(4, row))
    return random.next() < 1 / (1 + Math.exp(-logit)) ? 1 : 0
  })
  return { columns, targets }
}

function tableOf({ columns }: Sample): Table {
  return {
    count: columns[0]?.length ?? 0,
    columns: columns.map((values) => () => ({ kind: 'number', values })),
  }
}

async function measureOurs(): Promise<Measured> {
  const [fromMs, fromCpu] = [performance.now(), process.cpuUsage()]
  const bins = learnBins(tableOf(train))
  const boosted = await boost({
    train: { table: binTable(tableOf(train), bins), targets: train.targets },
    rounds,
    objective: binaryLogLoss,
    start: [0],
    directions: [],
    settings: {
      ...boostDefaults,
      learningRate: 0.1,
      leavesMax: 31,
      columnShare: 1,
      rowShare: 1,
      l2: 0,
    },
    random: createRandom(1),
    threadCount,
  })
  const seconds = (performance.now() - fromMs) / 1000
  const { user, system } = process.cpuUsage(fromCpu)
  const table = binTable(tableOf(test), bins)
  const scores = startScores([0], table.count)
  for (const tree of boosted.rounds.flat()) addTree(scores, { tree, table, stride: 1, offset: 0 })
  return {
    seconds,
    cpuSeconds: (user + system) / 1e6,
    logLoss: meanLossOf(binaryLogLoss, { scores, targets: test.targets }),
  }
}

function measureLightGbm(python: string): Measured {
  const folder = mkdtempSync(join(tmpdir(), 'trees-'))
  try {
    for (const [name, { columns, targets }] of Object.entries({ train, test })) {
      writeFileSync(join(folder, `${name}-x`), Buffer.concat(columns.map(bytesOf)))
      writeFileSync(join(folder, `${name}-y`), bytesOf(targets))
    }
    const program = `
import json, sys, time, numpy as np, lightgbm as lgb
folder, width, rounds, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
read = lambda name: np.fromfile(f'{folder}/{name}', dtype=np.float32)
x, y = np.ascontiguousarray(read('train-x').reshape(width, -1).T), read('train-y')
settings = dict(objective='binary', learning_rate=.1, num_leaves=31, min_data_in_leaf=20, num_threads=threads,
  verbose=-1, boost_from_average=False, seed=1)
start, cpu = time.perf_counter(), time.process_time()
model = lgb.train(settings, lgb.Dataset(x, y), rounds)
seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
p = np.clip(model.predict(read('test-x').reshape(width, -1).T), 1e-12, 1 - 1e-12)
y = read('test-y')
print(json.dumps(dict(seconds=seconds, cpuSeconds=cpu, logLoss=float(-np.mean(y * np.log(p) + (1 - y) * np.log(1 - p))))))
`
    const given = ['-c', program, folder, ...[width, rounds, threadCount].map(String)]
    return JSON.parse(execFileSync(python, given, { encoding: 'utf8' })) as Measured
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
