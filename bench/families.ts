// The families beside each other on one log: trained on the same examples, measured on the same later
// ones, once a seed. A seed draws the examples, the parameters and the batches.
//   node bench/families.ts trivago --data PATH [--families prior,softmax,pooled,transformer]
//     [--seeds 1,2,3] [--part test] [--json]
// `--part validation` is for choosing; the test part is for the number that is reported.
import { parseArgs } from 'node:util'
import { loadProject } from '../cli/projects/load-project.ts'
import { createMonitor, withPrefix } from '../cli/terminal/monitor.ts'
import { openData } from '../cli/storage/open-data.ts'
import { makeExamples } from '../training/examples/make-examples.ts'
import { findFamily } from '../training/find-family.ts'
import type { Metrics } from '../training/metrics/metrics.ts'
import { rehearse } from '../training/rehearse.ts'
import { describeTrainFault } from '../training/train-fault.ts'
import { meanAndSpread } from './spread.ts'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    data: { type: 'string', default: '' },
    families: { type: 'string', default: 'prior,softmax,pooled,transformer' },
    seeds: { type: 'string', default: '1,2,3' },
    part: { type: 'string', default: 'test' },
    json: { type: 'boolean', default: false },
  },
})

interface Row {
  readonly seed: number
  readonly family: string
  readonly task: string
  readonly basis: 'model' | 'prior'
  readonly examples: number
  readonly metrics: Metrics
}

const { project } = await loadProject(positionals[0] ?? '')
const part = options.part === 'validation' ? 'validation' : 'test'
const rows: Row[] = []
for (const seed of options.seeds.split(',').map(Number)) rows.push(...(await measureSeed(seed)))
if (options.json) console.log(JSON.stringify({ project: project.name, part, rows }))
else console.log(summary(rows))

async function measureSeed(seed: number): Promise<Row[]> {
  const data = await openData({ project, path: options.data, skipBadRows: false })
  try {
    const made = await makeExamples({ project, data, seed })
    if (!made.ok) throw new Error(describeTrainFault(made.reason))
    const examples = { ...made.value, test: made.value[part] }
    const measured: Row[] = []
    for (const name of options.families.split(',')) {
      const family = findFamily(name)
      if (!family.ok) throw new Error(describeTrainFault(family.reason))
      const monitor = withPrefix(`seed ${seed}, ${name}`, createMonitor())
      const rehearsed = await rehearse({ project, family: family.value, seed, examples, monitor })
      if (!rehearsed.ok) throw new Error(describeTrainFault(rehearsed.reason))
      for (const [task, { examples: count, basis, model }] of Object.entries(rehearsed.value.card.tasks)) {
        measured.push({ seed, family: name, task, basis, examples: count, metrics: model })
      }
    }
    return measured
  } finally {
    data.close()
  }
}

function summary(measured: readonly Row[]): string {
  const groups = Map.groupBy(measured, ({ family, task }) => `${task} | ${family}`)
  const names = [
    'logLoss',
    'auc',
    'averagePrecision',
    'accuracy',
    'f1Macro',
    'ece',
    'eceLater',
    'rmse',
    'predictedOverActual',
  ]
  const lines = [...groups]
    .toSorted(([a], [b]) => a.split(' |')[0]?.localeCompare(b.split(' |')[0] ?? '') ?? 0)
    .map(([name, group]) => {
      const cells = names.map((metric) =>
        meanAndSpread(
          group.map(({ metrics }) => (typeof metrics[metric] === 'number' ? metrics[metric] : null)),
          4,
        ),
      )
      const byPrior = group.filter(({ basis }) => basis === 'prior').length
      return `| ${name} | ${group[0]?.examples ?? 0} | ${byPrior} | ${cells.join(' | ')} |`
    })
  const head = `| task | family | examples | answered by the prior | ${names.join(' | ')} |\n|---|---|---|---|${names.map(() => '---|').join('')}`
  return `${project.name}, ${part} part, seeds ${options.seeds}\n\n${head}\n${lines.join('\n')}`
}
