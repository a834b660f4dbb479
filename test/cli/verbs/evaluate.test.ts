// presage evaluate as a user runs it, on small files.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonOf, leftovers, runPresage } from '../run-presage.ts'
import type { Ended } from '../run-presage.ts'
import { shopLog, visitsTable } from '../small-files.ts'

const METRICS = [
  'auc',
  'averagePrecision',
  'logLoss',
  'brier',
  'ece',
  'accuracy',
  'precision',
  'recall',
  'f1',
] as const
const ROWS = 400

let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'presage-test-'))
  writeFileSync(join(home, 'log.ndjson'), shopLog())
  writeFileSync(join(home, 'table.csv'), visitsTable({ rows: ROWS }))
  const folds = Array.from({ length: ROWS }, (_, row) => (row % 7) % 3)
  const text = `${folds.join('\n')}\n`
  writeFileSync(join(home, 'folds.txt'), text)
  writeFileSync(join(home, 'folds.txt.gz'), gzipSync(text))
  writeFileSync(join(home, 'short.txt'), folds.slice(1).join('\n'))
  writeFileSync(join(home, 'words.txt'), ['0', 'one', ...folds.slice(2)].join('\n'))
  writeFileSync(join(home, 'one-fold.txt'), folds.map(() => 4).join('\n'))
})
afterAll(() => rmSync(home, { recursive: true }))

const TABLE = ['online-shoppers', '--data', 'table.csv']
const LOG = ['shop', '--data', 'log.ndjson']

/** Names of files in the home take its path. */
function evaluate(args: readonly string[]): Promise<Ended> {
  const placed = args.map((arg) => (/^[\w-]+\.(ndjson|csv|txt)/.test(arg) ? join(home, arg) : arg))
  return runPresage(['evaluate', '--family', 'softmax', ...placed], { home })
}

/** Of a bundle, which has its family. */
function evaluateBundle(args: readonly string[]): Promise<Ended> {
  const placed = args.map((arg) => (/^[\w-]+\.(ndjson|csv|txt)/.test(arg) ? join(home, arg) : arg))
  return runPresage(['evaluate', ...placed, '--json'], { home })
}

interface Result {
  readonly project: string
  readonly task: string
  readonly split: string
  readonly rows: number
  readonly tasks: Readonly<Record<string, Metrics & { readonly prior: Metrics }>>
}
type Metrics = Readonly<Record<string, number>>

function expectMetrics(of: Metrics | undefined): void {
  for (const name of METRICS)
    expect(of?.[name], name).toSatisfy((value) => Number(value) >= 0 && value !== null)
}

describe('presage evaluate', () => {
  it('prints a table a task, the model beside the prior, with how sure each number is', async () => {
    const { stdout } = await evaluate(LOG)
    const tables = stdout.trimEnd().split('\n\n').slice(-4)
    expect(tables.map((table) => table.split(',')[0])).toEqual([
      'buysWithin7Days',
      'leavesWithin30Days',
      'nextAction',
      'spend28Days',
    ])
    expect(tables[0]).toMatch(/model\s+95 %\s+prior\nlog loss\s+[\d.]+\s+[\d.]+ to [\d.]+\s+[\d.]+\n/)
    expect(tables[3]).toMatch(/RMSE\s+[\d.]+/)
    for (const line of tables.join('\n').split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  it('prints the spread over folds', async () => {
    const { stdout } = await evaluate([...TABLE, '--folds', '2'])
    expect(stdout).toMatch(/softmax on 400 rows, 2 stratified folds/)
    expect(stdout).toMatch(/ROC AUC\s+[\d.]+\s+± [\d.]+\s+[\d.]+/)
  })
})

describe('presage evaluate --json', () => {
  it('prints one line with the metrics of the model and of the prior for each task of a log', async () => {
    const result = jsonOf(await evaluate([...LOG, '--json'])) as Result
    const tasks = ['buysWithin7Days', 'leavesWithin30Days', 'nextAction', 'spend28Days']
    expect(result).toMatchObject({
      project: 'shop',
      task: tasks.join(','),
      split: expect.stringContaining('by time'),
    })
    expect(result.rows).toBe(shopLog().trimEnd().split('\n').length)
    expect(Object.keys(result.tasks)).toEqual(tasks)
    for (const name of tasks.slice(0, 3)) {
      expectMetrics(result.tasks[name])
      expectMetrics(result.tasks[name]?.prior)
      expect(result.tasks[name]?.prior['auc']).toBeCloseTo(0.5, 10)
    }
    for (const error of ['mae', 'rmse']) {
      expect(result.tasks['spend28Days']).toMatchObject({
        [error]: expect.any(Number),
        prior: { [error]: expect.any(Number) },
      })
    }
    expect(await leftovers(home)).toEqual([])
  })

  it('tells of a nightly job, of thresholds and of a rival, and writes a page', async () => {
    const page = join(home, 'page.html')
    const asked = ['--asked', 'nightly', '--thresholds', '0.2', '--against', 'prior', '--html', page]
    const result = jsonOf(await evaluate([...LOG, ...asked, '--json'])) as Result
    expect(result.split).toContain('all known users asked on')
    expect(result.tasks['buysWithin7Days']).toMatchObject({
      'precisionAt0.2': expect.any(Number),
      intervals: { logLoss: [expect.any(Number), expect.any(Number)] },
      against: { prior: { logLoss: { p: expect.any(Number) } } },
    })
    const text = readFileSync(page, 'utf8')
    rmSync(page)
    expect(text).toContain('</html>')
    expect(text).toContain('--asked nightly --thresholds 0.2')
  })

  it('tests every row of a table once with --folds 5', async () => {
    const ended = await evaluate([...TABLE, '--folds', '5', '--json'])
    const result = jsonOf(ended) as Result
    expect(ended.stderr).toContain('fold 5 of 5')
    expect(result).toMatchObject({
      project: 'online-shoppers',
      task: 'buys',
      split: '5 stratified folds (seed 1)',
      rows: ROWS,
    })
    expectMetrics(result.tasks['buys'])
    expectMetrics(result.tasks['buys']?.prior)
    // Nine of ten can be told apart, so the best ranking is near 0.9.
    expect(result.tasks['buys']?.['auc']).toBeGreaterThan(0.8)
  })

  it('takes folds from a file, gzipped or not', async () => {
    const plain = jsonOf(await evaluate([...TABLE, '--fold-file', 'folds.txt', '--json'])) as Result
    expect(plain).toMatchObject({ split: '3 folds (fold file)', rows: ROWS })
    const gzipped = jsonOf(await evaluate([...TABLE, '--fold-file', 'folds.txt.gz', '--json'])) as Result
    expect(gzipped).toEqual(plain)
  })

  it('measures a bundle by its id or folder at the moments of any data, task by task', async () => {
    const train = ['train', ...LOG.slice(0, 1), '--data', join(home, 'log.ndjson'), '--family', 'softmax']
    const trained = jsonOf(await runPresage([...train, '--no-final-fit', '--json'], { home })) as {
      readonly id: string
      readonly folder: string
      readonly rehearsal: { readonly tasks: Readonly<Record<string, { readonly model: Metrics }>> }
    }
    const byId = jsonOf(await evaluateBundle([...LOG, '--bundle', trained.id])) as Result
    expect(byId).toMatchObject({ bundle: trained.id, family: 'softmax', seenExamples: 0, notCompared: {} })
    for (const [task, { model }] of Object.entries(trained.rehearsal.tasks)) {
      expect(byId.tasks[task]).toMatchObject(model)
    }
    expect(jsonOf(await evaluateBundle([...LOG, '--bundle', trained.folder]))).toEqual(byId)
    const other = await evaluateBundle([...TABLE, '--bundle', trained.folder])
    expect(other).toMatchObject({ code: 1, stdout: '' })
    expect(other.stderr).toContain("The bundle is of project 'shop', not of 'online-shoppers'")
  })

  const refusals: [string, string[], string][] = [
    ['a bundle and a family', [...LOG, '--bundle', '0123abcd'], 'cannot be used with'],
    [
      'a fold file with too few lines',
      [...TABLE, '--fold-file', 'short.txt'],
      'The fold file has 399 lines, the data 400 labelled rows',
    ],
    [
      'a fold that is no number',
      [...TABLE, '--fold-file', 'words.txt'],
      "Fold file, line 2: expected a fold number, got 'one'",
    ],
    [
      'a fold file with one fold',
      [...TABLE, '--fold-file', 'one-fold.txt'],
      'The fold file names only one fold',
    ],
    ['a fold file that is not there', [...TABLE, '--fold-file', 'nowhere.txt'], 'nowhere.txt cannot be read'],
    ['a fold file for a log', [...LOG, '--fold-file', 'folds.txt'], '--fold-file is for tables'],
    ['a threshold that is none', [...LOG, '--thresholds', '0.2,2'], 'Expected numbers between 0 and 1'],
    ['a rival that is nothing', [...LOG, '--against', 'nobody'], "There is no bundle 'nobody'"],
    [
      'a page where none can be written',
      [...LOG, '--family', 'prior', '--html', '/nowhere/page.html'],
      'The page cannot be written to /nowhere/page.html',
    ],
    ['a single fold', [...TABLE, '--folds', '1'], 'Expected a whole number above 1'],
    ['folds given twice', [...TABLE, '--folds', '5', '--fold-file', 'folds.txt'], 'cannot be used with'],
    ['to ask nightly of a table', [...TABLE, '--asked', 'nightly'], 'which online-shoppers has none'],
    ['a family that is not there', [...TABLE, '--family', 'forest'], "There is no family 'forest'"],
  ]
  it.each(refusals)('refuses %s', async (_name, args, message) => {
    const { code, stdout, stderr } = await evaluate([...args, '--json'])
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
    expect(await leftovers(home)).toEqual([])
  })
})
