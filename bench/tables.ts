// Tables beside the peers on the same rows and folds: one line a table and seed. Choices are made within the
// training part of each fold; test rows are asked once. A table whose data are not here is left out, and told.
//   node bench/tables.ts [TABLE…] [--family trees] [--seeds 1,2,3] [--data ../shared/data] [--peers ../shared/peers]
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { readFoldFile } from '../cli/measuring/fold-file.ts'
import { initProject } from '../cli/projects/init-project.ts'
import { loadProject } from '../cli/projects/load-project.ts'
import { openData } from '../cli/storage/open-data.ts'
import type { Project } from '../features/project.ts'
import type { DataSet } from '../training/data/data-set.ts'
import { findFamily } from '../training/find-family.ts'
import { crossValidate, VALIDATION_SHARE } from '../training/folds.ts'
import type { CrossValidationRequest } from '../training/folds.ts'
import { planRows } from '../training/moments/plan-moments.ts'
import type { PartName } from '../training/moments/parts.ts'
import { describeTrainFault } from '../training/train-fault.ts'
import { calibrationOfAll } from './calibration-of-all.ts'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    family: { type: 'string', default: 'trees' },
    seeds: { type: 'string', default: '1' },
    data: { type: 'string', default: join(import.meta.dirname, '../../shared/data') },
    peers: { type: 'string', default: join(import.meta.dirname, '../../shared/peers') },
  },
})

interface Table {
  /** Within the data. */
  readonly file: string
  /** Columns that are never to be looked at. */
  readonly without?: readonly string[]
  /** A file of folds, from which share of the rows on is tested, or the values of a column that are tested. */
  readonly split: { readonly folds: string } | { readonly testFrom: number } | ByValues
  /** The best of the peers: AUC, average precision, log loss, ECE of all rows together. */
  readonly peers: string
}

/** Rows go to a part by what they say in a column; the rest is learned from. */
interface ByValues {
  readonly column: string
  readonly validation: readonly string[]
  readonly test: readonly string[]
}

const tables: Readonly<Record<string, Table>> = {
  'online-shoppers': {
    file: 'online-shoppers/online_shoppers_intention.csv.gz',
    split: { folds: 'online-shoppers.txt.gz' },
    peers: '.9348 .7547 .2223 .0093',
  },
  'online-shoppers-without-page-values': {
    file: 'online-shoppers/online_shoppers_intention.csv.gz',
    without: ['PageValues'],
    split: { folds: 'online-shoppers.txt.gz' },
    peers: '.7887 .3747 .3556 .0089',
  },
  'online-shoppers-later': {
    file: 'online-shoppers/online_shoppers_intention.csv.gz',
    split: { column: 'Month', validation: ['Sep', 'Oct'], test: ['Nov', 'Dec'] },
    peers: '.8440 .6684 .3957 .0620',
  },
  'iranian-churn': {
    file: 'iranian-churn/Customer_Churn.csv.gz',
    split: { folds: 'iranian-churn.txt.gz' },
    peers: '.9874 .9482 .1024 –',
  },
  'bank-marketing': {
    file: 'bank-marketing/bank-additional-full.csv.gz',
    without: ['duration'],
    split: { folds: 'bank-additional.txt.gz' },
    peers: '.8049 .4763 .2692 .0047',
  },
  'bank-marketing-later': {
    file: 'bank-marketing/bank-additional-full.csv.gz',
    without: ['duration'],
    split: { testFrom: 0.7 },
    peers: '.6677 .3912 .5689 .0973',
  },
}

const names = positionals.length > 0 ? positionals : Object.keys(tables)
console.log(`| table | seed | AUC | AP | log loss | ECE | of all together | chance alone | calibrated by | best peer |
|---|---|---|---|---|---|---|---|---|---|`)
for (const name of names) await measure(name)

async function measure(name: string): Promise<void> {
  const table = tables[name]
  if (table === undefined) throw new Error(`Expected one of ${Object.keys(tables).join(', ')}, got '${name}'`)
  const path = join(options.data, table.file)
  if (!existsSync(path)) return console.error(`${name}: left out, for there is no ${path}`)
  const project = await projectOf(table, path)
  for (const seed of options.seeds.split(',').map(Number)) {
    const data = await openData({ project, path, skipBadRows: false })
    try {
      console.log(
        `| ${[name, seed, ...(await figures(table, { project, data, seed })), table.peers].join(' | ')} |`,
      )
    } finally {
      data.close()
    }
  }
}

/** As init writes it, without the columns that are not to be looked at. */
async function projectOf({ without = [] }: Table, path: string): Promise<Project> {
  const home = mkdtempSync(join(tmpdir(), 'tables-'))
  const { log } = console
  try {
    console.log = console.error
    const { named } = await initProject([path], { yes: true, name: join(home, 'table.project.ts') })
    const { project } = await loadProject(named)
    const kept = Object.entries(project.user).filter(([column]) => !without.includes(column))
    return { ...project, user: Object.fromEntries(kept) }
  } finally {
    console.log = log
    rmSync(home, { recursive: true, force: true })
  }
}

interface Measuring {
  readonly project: Project
  readonly data: DataSet
  readonly seed: number
}

async function figures(table: Table, { project, data, seed }: Measuring): Promise<string[]> {
  const family = findFamily(options.family)
  if (!family.ok) throw new Error(describeTrainFault(family.reason))
  const folds = await foldsOf(table, { data, seed })
  const found = await crossValidate({ project, data, family: family.value, seed, folds })
  if (!found.ok) throw new Error(describeTrainFault(found.reason))
  const [task = ''] = Object.keys(found.value.tasks)
  const { auc, averagePrecision, logLoss, ece } = found.value.tasks[task]?.model ?? {}
  const all = calibrationOfAll(task, { answers: found.value.answers, seed })
  const numbers = [auc, averagePrecision, logLoss, ece, all.ece, all.byChance]
  return [...numbers.map((value) => Number(value).toFixed(4)), all.kinds.join(', ')]
}

async function foldsOf(
  { split }: Table,
  { data, seed }: Pick<Measuring, 'data' | 'seed'>,
): Promise<CrossValidationRequest['folds']> {
  const rows = data.questionCount
  if ('folds' in split) return readFoldFile(join(options.peers, 'folds', split.folds), rows)
  if ('column' in split) {
    const parts = await partsByValues(split, data)
    return { plans: [{ ...planRows(parts, seed), split: `${split.column} ${split.test.join(', ')}` }] }
  }
  const testFrom = Math.floor(split.testFrom * rows)
  const validationFrom = Math.floor((1 - VALIDATION_SHARE) * testFrom)
  const parts = Array.from({ length: rows }, (_, row) =>
    row < validationFrom ? 'train' : row < testFrom ? 'validation' : 'test',
  )
  return { plans: [{ ...planRows(parts, seed), split: `the last rows from ${testFrom} on` }] }
}

/** The part of each row, in the order of the file. */
async function partsByValues({ column, validation, test }: ByValues, data: DataSet): Promise<PartName[]> {
  const parts: PartName[] = []
  for await (const { versions } of data.users()) {
    const value = String(versions[0]?.attributes[column])
    parts.push(test.includes(value) ? 'test' : validation.includes(value) ? 'validation' : 'train')
  }
  return parts
}
