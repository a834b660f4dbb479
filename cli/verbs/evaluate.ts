// presage evaluate: how good a family is on a file, beside the prior.
import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import { Option } from 'commander'
import type { Command } from 'commander'
import type { DataSet } from '../../training/data/data-set.ts'
import { hasEvents } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { CommandError, findProject } from '../terminal/failure.ts'
import { assertFamily, FAMILY_DEFAULT, FAMILY_HELP } from '../terminal/family.ts'
import { createMonitor } from '../terminal/monitor.ts'
import { parseFoldCount, parseSeed } from '../terminal/numbers.ts'
import { openData } from '../storage/open-data.ts'

interface Options {
  readonly data: string
  readonly family: string
  readonly seed: number
  readonly folds?: number
  readonly foldFile?: string
  readonly skipBadRows?: true
  readonly json?: true
}

export function addEvaluate(program: Command): void {
  program
    .command('evaluate')
    .description('measure a family on a file: a log by time, a table by split or by folds')
    .argument('<project>', 'name of the project')
    .requiredOption('--data <path>', 'file or folder')
    .option('--family <name>', FAMILY_HELP, FAMILY_DEFAULT)
    .option('--seed <number>', 'of everything that is drawn', parseSeed, 1)
    .option('--folds <number>', 'stratified folds of a table', parseFoldCount)
    .addOption(
      new Option('--fold-file <path>', 'one fold number a line, in the order of the rows').conflicts('folds'),
    )
    .option('--skip-bad-rows', 'leave bad rows out')
    .option('--json', 'end with one line of JSON')
    .action(evaluateCommand)
}

async function evaluateCommand(name: string, options: Options): Promise<void> {
  const project = findProject(name)
  await assertFamily(options.family)
  const data = await openData({ project, path: options.data, skipBadRows: options.skipBadRows === true })
  try {
    const result = await measure({ project, data, options })
    if (options.json) console.log(JSON.stringify(result))
    else console.log(JSON.stringify(result, null, 2))
  } finally {
    data.close()
  }
}

interface Measurement {
  readonly project: Project
  readonly data: DataSet
  readonly options: Options
}

async function measure({ project, data, options }: Measurement): Promise<unknown> {
  const { family, seed } = options
  const monitor = createMonitor()
  const base = { project: project.name, family, seed }
  const { describeTrainFault, fitModel } = await import('../../training/train.ts')
  if (options.folds !== undefined || options.foldFile !== undefined) {
    if (hasEvents(project)) throw new CommandError('--folds and --fold-file are for tables of labelled rows')
    const { crossValidate } = await import('../../training/folds.ts')
    const folds = await foldsOf(options, data)
    const validated = await crossValidate({ project, data, family, seed, folds, monitor })
    if (!validated.ok) throw new CommandError(describeTrainFault(validated.reason))
    const { rows, foldCount, mean, deviation } = validated.value
    const named = Object.entries(mean).map(([task, { model, prior }]) => [task, { ...model, prior }])
    const split =
      options.foldFile === undefined
        ? `${foldCount} stratified folds (seed ${seed})`
        : `${foldCount} folds (fold file)`
    return { ...base, task: taskOf(project), split, rows, tasks: Object.fromEntries(named), deviation }
  }
  const { makeExamples } = await import('../../training/examples/make-examples.ts')
  const made = await makeExamples({ project, data, seed, monitor })
  if (!made.ok) throw new CommandError(describeTrainFault(made.reason))
  data.close()
  const fitted = await fitModel({ project, data, family, seed, monitor, examples: made.value })
  if (!fitted.ok) throw new CommandError(describeTrainFault(fitted.reason))
  const { card } = fitted.value
  const tasks = Object.fromEntries(
    Object.entries(card.tasks).map(([task, { examples, model, prior }]) => [
      task,
      { examples, ...model, prior },
    ]),
  )
  return { ...base, task: taskOf(project), split: card.split, rows: card.data.rows, tasks }
}

/** The name of the only task, or all names. */
function taskOf(project: Project): string {
  return Object.keys(project.tasks).join(',')
}

async function foldsOf(options: Options, data: DataSet): Promise<number | readonly number[]> {
  if (options.folds !== undefined) return options.folds
  const { parseFolds } = await import('../../training/folds.ts')
  const parsed = parseFolds(readText(options.foldFile ?? ''), data.questionCount)
  if (!parsed.ok) throw new CommandError(parsed.reason.message)
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
