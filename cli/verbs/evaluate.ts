// presage evaluate: how good a family is on a file, beside the prior.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Option } from 'commander'
import type { Command } from 'commander'
import { loadProject } from '../projects/load-project.ts'
import { PROJECT_HELP } from '../projects/project-file.ts'
import type { DataSet } from '../../training/data/data-set.ts'
import { hasEvents } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import type { TaskResult } from '../../training/card.ts'
import type { Family } from '../../training/models/family.ts'
import type { ExamplesWanted } from '../../training/moments/plan.ts'
import { addDataOptions, dataOf } from '../exports/data-from.ts'
import type { DataOptions } from '../exports/data-from.ts'
import { CommandError } from '../terminal/failure.ts'
import { metricsTables } from '../terminal/metrics-table.ts'
import type { Deviations, MeasuredTask } from '../terminal/metrics-table.ts'
import { assertFamily, FAMILY_DEFAULT, FAMILY_HELP } from '../terminal/family.ts'
import { createMonitor } from '../terminal/monitor.ts'
import { parseCount, parseFoldCount, parseSeed } from '../terminal/numbers.ts'
import { findBundleOf } from '../storage/find-bundle.ts'
import { sayPlainly } from '../terminal/progress.ts'
import { openData } from '../storage/open-data.ts'
import { readBundle } from '../storage/read-bundle.ts'

interface Options extends DataOptions {
  readonly family: string
  readonly seed: number
  readonly examples?: number
  readonly bundle?: string
  readonly folds?: number
  readonly foldFile?: string
  readonly skipBadRows?: true
  readonly json?: true
}

export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('measure a family on a file: a log by time, a table by split or by folds; or a bundle')
    .argument('<project>', PROJECT_HELP)
    .option('--family <name>', FAMILY_HELP, FAMILY_DEFAULT)
    .option('--seed <number>', 'of everything that is drawn', parseSeed, 1)
    .option('--examples <number>', 'to learn from, about; those to test on in proportion', parseCount)
    .addOption(
      new Option('--bundle <bundle>', 'measure this bundle, by its id or folder').conflicts([
        'family',
        'folds',
        'foldFile',
      ]),
    )
    .option('--folds <number>', 'stratified folds of a table', parseFoldCount)
    .addOption(
      new Option('--fold-file <path>', 'one fold number a line, in the order of the rows').conflicts('folds'),
    )
    .option('--skip-bad-rows', 'leave bad rows out')
    .option('--json', 'end with one line of JSON')
  addDataOptions(command).action(evaluateCommand)
}

async function evaluateCommand(name: string, options: Options): Promise<void> {
  const { project } = await loadProject(name)
  await assertFamily(options.family)
  const data = await openData({
    project,
    path: await dataOf(project, options),
    skipBadRows: options.skipBadRows === true,
    say: sayPlainly,
  })
  try {
    const result = await measure({ project, data, options })
    if (options.json) console.log(JSON.stringify(result))
    else console.log(told(result))
  } finally {
    data.close()
  }
}

/** A measurement as it is printed; the verb adds what all have. */
interface Measured {
  readonly family: string
  readonly bundle?: string
  readonly split: string
  readonly rows: number
  /** Of a bundle: moments, and those of the time that it learned from. */
  readonly examples?: number
  readonly seenExamples?: number
  readonly notCompared?: Readonly<Record<string, unknown>>
  readonly tasks: Readonly<Record<string, MeasuredTask>>
  /** Over folds. */
  readonly deviation?: Deviations
}

/** As a person reads it; --json has more. */
function told({ family, bundle, split, rows, tasks, deviation }: Measured): string {
  const what = bundle === undefined ? family : `bundle ${bundle} (${family})`
  return `${what} on ${rows.toLocaleString('en')} rows, ${split}\n\n${metricsTables(tasks, deviation)}`
}

interface Measurement {
  readonly project: Project
  readonly data: DataSet
  readonly options: Options
}

async function measure(measurement: Measurement): Promise<Measured> {
  const { project, data, options } = measurement
  const task = Object.keys(project.tasks).join(',')
  const base = { project: project.name, task, seed: options.seed, data: data.report }
  if (options.bundle !== undefined) return { ...base, ...(await measureBundle(measurement)) }
  const ofFamily = { ...base, family: options.family }
  if (options.folds === undefined && options.foldFile === undefined) {
    return { ...ofFamily, ...(await measureFamily(measurement)) }
  }
  if (hasEvents(project)) throw new CommandError('--folds and --fold-file are for tables of labelled rows')
  return { ...ofFamily, ...(await measureFolds(measurement)) }
}

/** A rehearsal: what is fitted here is not kept. */
async function measureFamily({ project, data, options }: Measurement): Promise<Omit<Measured, 'family'>> {
  const [{ makeExamples }, { rehearse }, { describeTrainFault }] = await Promise.all([
    import('../../training/examples/make-examples.ts'),
    import('../../training/rehearse.ts'),
    import('../../training/train-fault.ts'),
  ])
  const { seed } = options
  const monitor = createMonitor()
  const examples = await makeExamples({ project, data, seed, monitor, examples: await wanted(options) })
  if (!examples.ok) throw new CommandError(describeTrainFault(examples.reason))
  const family = await familyNamed(options.family)
  const rehearsed = await rehearse({ project, family, seed, monitor, examples: examples.value })
  if (!rehearsed.ok) throw new CommandError(describeTrainFault(rehearsed.reason))
  const { split, tasks } = rehearsed.value.card
  return { split, rows: rowsOf(data), tasks: flatten(tasks) }
}

async function measureFolds({ project, data, options }: Measurement): Promise<Omit<Measured, 'family'>> {
  const [{ crossValidate }, { describeTrainFault }] = await Promise.all([
    import('../../training/folds.ts'),
    import('../../training/train-fault.ts'),
  ])
  const { seed } = options
  const folds = await foldsOf(options, data)
  const family = await familyNamed(options.family)
  const validated = await crossValidate({ project, data, family, seed, folds, monitor: createMonitor() })
  if (!validated.ok) throw new CommandError(describeTrainFault(validated.reason))
  const { rows, foldCount, mean, deviation } = validated.value
  const split =
    options.foldFile === undefined
      ? `${foldCount} stratified folds (seed ${seed})`
      : `${foldCount} folds (fold file)`
  return { split, rows, tasks: flatten(mean), deviation }
}

async function measureBundle({ project, data, options }: Measurement): Promise<Measured> {
  const { describeEvaluateFault, evaluateBundle, NOT_COMPARED } =
    await import('../../training/evaluate-bundle.ts')
  const monitor = createMonitor()
  const { checked, bundle } = await readBundle(findBundleOf(project.name, options.bundle ?? ''))
  const { id, manifest } = checked
  const evaluated = await evaluateBundle({
    project,
    data,
    bundle,
    seed: options.seed,
    examples: await wanted(options),
    monitor,
  })
  if (!evaluated.ok) throw new CommandError(describeEvaluateFault(evaluated.reason))
  const { tasks, notCompared, examples, seenExamples, split } = evaluated.value
  for (const [task, reason] of Object.entries(notCompared)) monitor.say(`'${task}' ${NOT_COMPARED[reason]}`)
  if (seenExamples > 0) {
    monitor.say(`${seenExamples} of ${examples} moments lie in the time that the bundle learned from`)
  }
  const { family } = manifest
  const rows = rowsOf(data)
  return { bundle: id, family, split, rows, examples, seenExamples, tasks: flatten(tasks), notCompared }
}

async function familyNamed(name: string): Promise<Family> {
  const { findFamily } = await import('../../training/find-family.ts')
  const { describeTrainFault } = await import('../../training/train-fault.ts')
  const found = findFamily(name)
  if (!found.ok) throw new CommandError(describeTrainFault(found.reason))
  return found.value
}

async function wanted({ examples }: Options): Promise<ExamplesWanted | undefined> {
  const { examplesFor } = await import('../../training/moments/plan.ts')
  return examples === undefined ? undefined : examplesFor(examples)
}

/** Events of a log, labelled rows of a table. */
function rowsOf({ eventCount, questionCount }: DataSet): number {
  return eventCount > 0 ? eventCount : questionCount
}

/** Each task's metrics beside those of the prior. */
function flatten(
  tasks: Readonly<Record<string, Pick<TaskResult, 'model' | 'prior'> & Partial<TaskResult>>>,
): Measured['tasks'] {
  return Object.fromEntries(
    Object.entries(tasks).map(([task, { model, ...rest }]) => [task, { ...rest, ...model }]),
  )
}

async function foldsOf(options: Options, data: DataSet): Promise<number | readonly number[]> {
  if (options.folds !== undefined) return options.folds
  const { describeFoldFault, parseFolds } = await import('../../training/folds.ts')
  const parsed = parseFolds(readText(options.foldFile ?? ''), data.questionCount)
  if (!parsed.ok) throw new CommandError(describeFoldFault(parsed.reason))
  return parsed.value
}

function readText(path: string): string {
  try {
    const bytes = readFileSync(path)
    return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8')
  } catch {
    throw new CommandError(`The fold file ${path} cannot be read`)
  }
}
