// presage evaluate: how good a family is on a file, or a bundle, beside the prior and others.
import { Option } from 'commander'
import type { Command } from 'commander'
import { addDataOptions, dataOf } from '../exports/data-from.ts'
import type { DataOptions } from '../exports/data-from.ts'
import type { Measured, MeasureOptions, Measurement, Outcome } from '../measuring/measured.ts'
import { measureBundle } from '../measuring/measure-bundle.ts'
import { measureFamily } from '../measuring/measure-family.ts'
import { isByFolds, measureFolds } from '../measuring/measure-folds.ts'
import { loadProject } from '../projects/load-project.ts'
import { PROJECT_HELP } from '../projects/project-file.ts'
import { looksAhead } from '../../training/moments/sources.ts'
import { openData } from '../storage/open-data.ts'
import { CommandError } from '../terminal/failure.ts'
import { addFamilyOptions, chooseFamily } from '../terminal/family.ts'
import { metricsTables } from '../terminal/metrics-table.ts'
import { parseCount, parseFoldCount, parseSeed, parseShares } from '../terminal/numbers.ts'
import { sayPlainly } from '../terminal/progress.ts'

interface Options extends DataOptions, Omit<MeasureOptions, 'family'> {
  readonly family?: string
  readonly skipBadRows?: true
  readonly json?: true
  readonly html?: string
}

export function addEvaluate(program: Command): void {
  const command = program
    .command('evaluate')
    .description('measure a family on a file: a log by time, a table by split, either by folds; or a bundle')
    .argument('<project>', PROJECT_HELP)
    .option('--seed <number>', 'of everything that is drawn', parseSeed, 1)
    .option('--examples <number>', 'to learn from, about; those to test on in proportion', parseCount)
    .addOption(
      new Option('--bundle <bundle>', 'measure this bundle, by its id or folder').conflicts([
        'family',
        'folds',
        'rolling',
        'foldFile',
      ]),
    )
    .option('--against <name...>', 'compare at the same moments with families, or bundles by id or folder')
    .addOption(
      new Option('--asked <how>', 'test at all known users on a few dates, as a nightly job asks').choices([
        'nightly',
      ]),
    )
    .option('--thresholds <list>', 'probabilities from which on "yes" is said, as 0.1,0.3', parseShares)
    .option('--folds <number>', 'folds of rows in a table, of users in a log', parseFoldCount)
    .addOption(
      new Option('--rolling <number>', 'so many tests one after the other in time')
        .argParser(parseFoldCount)
        .conflicts('folds'),
    )
    .addOption(
      new Option('--fold-file <path>', 'one fold number a line, in the order of the rows').conflicts([
        'folds',
        'rolling',
      ]),
    )
    .option('--html <file>', 'write a page for people too')
    .option('--skip-bad-rows', 'leave bad rows out')
    .option('--json', 'end with one line of JSON')
  addDataOptions(addFamilyOptions(command)).action(evaluateCommand)
}

async function evaluateCommand(name: string, options: Options): Promise<void> {
  const { project } = await loadProject(name)
  const family = await chooseFamily(project, options.family)
  if (options.asked !== undefined && !looksAhead(project)) {
    throw new CommandError(
      `--asked ${options.asked} is for tasks about what comes after a date, of which ${project.name} has none`,
    )
  }
  const data = await openData({
    project,
    path: await dataOf(project, options),
    skipBadRows: options.skipBadRows === true,
    say: sayPlainly,
  })
  try {
    const measurement = { project, data, options: { ...options, family } }
    const outcome = await measure(measurement)
    if (options.html !== undefined) {
      const { writePage } = await import('../measuring/write-page.ts')
      writePage(options.html, measurement, outcome)
      sayPlainly(`page ${options.html}`)
    }
    if (options.json) console.log(JSON.stringify(jsonOf(measurement, outcome.measured)))
    else console.log(told(outcome.measured))
  } finally {
    data.close()
  }
}

async function measure(measurement: Measurement): Promise<Outcome> {
  const { bundle } = measurement.options
  if (bundle !== undefined) return measureBundle(measurement, bundle)
  return isByFolds(measurement) ? measureFolds(measurement) : measureFamily(measurement)
}

function jsonOf({ project, data, options }: Measurement, measured: Measured): object {
  const task = Object.keys(project.tasks).join(',')
  return { project: project.name, task, seed: options.seed, data: data.report, ...measured }
}

/** As a person reads it; --json has more. */
function told({ family, bundle, split, rows, tasks, deviation }: Measured): string {
  const what = bundle === undefined ? family : `bundle ${bundle} (${family})`
  return `${what} on ${rows.toLocaleString('en')} rows, ${split}\n\n${metricsTables(tasks, deviation)}`
}
