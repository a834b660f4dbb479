// Examples of all three parts from any data set: a log is cut by time, a table at random.
import type { Features } from '../../features/manifest.ts'
import { isTable, longestHorizonMs } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { createRandom, shuffle } from '../../features/random.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { Card } from '../card.ts'
import type { DataSet, EventData, LabelledRow, TableData } from '../data/data-set.ts'
import { silent } from '../monitor.ts'
import type { Monitor } from '../monitor.ts'
import type { ExampleSet } from './example-set.ts'
import { partNames, splitByTime } from './parts.ts'
import type { PartName, TooShort } from './parts.ts'
import { replayLog } from './replay.ts'
import { encodeRows, labelIndices, learnTableFeatures } from './table.ts'

export interface PartExamples {
  readonly features: Features
  readonly train: ExampleSet
  readonly validation: ExampleSet
  readonly test: ExampleSet
  readonly split: string
  readonly data: Card['data']
}

export type ExampleFault =
  | TooShort
  | { readonly kind: 'emptyPart'; readonly part: PartName }
  | { readonly kind: 'wrongKind'; readonly expected: string; readonly got: string }

/** How many examples are made of a log, about. */
const EXAMPLES_MAX = { train: 100_000, validation: 20_000, test: 30_000 }
/** Shares of a table's rows; the rest is for training. */
const TABLE_SHARES = { validation: 0.15, test: 0.15 }

export interface ExamplesRequest {
  readonly project: Project
  readonly data: DataSet
  readonly seed: number
  readonly monitor?: Monitor
}

/** Makes the examples of the train, validation and test parts. */
export async function makeExamples(request: ExamplesRequest): Promise<Result<PartExamples, ExampleFault>> {
  const { project, data, seed } = request
  const expected = isTable(project) ? 'table' : 'events'
  if (data.kind !== expected) return fail({ kind: 'wrongKind', expected, got: data.kind })
  const made = data.kind === 'table' ? await fromTable(project, { data, seed }) : await fromLog(request, data)
  if (!made.ok) return made
  const empty = partNames.find((part) => made.value[part].count === 0)
  return empty === undefined ? made : fail({ kind: 'emptyPart', part: empty })
}

async function fromLog(
  { project, seed, monitor = silent }: ExamplesRequest,
  data: EventData,
): Promise<Result<PartExamples, ExampleFault>> {
  const { startMs, endMs } = data
  const split = splitByTime({ startMs, endMs, longestHorizonMs: longestHorizonMs(project) })
  if (!split.ok) return split
  monitor.say(`replaying ${data.eventCount} events of ${data.userCount} users`)
  const { features, examples } = await replayLog({
    project,
    data,
    parts: split.value,
    seed,
    examplesMax: EXAMPLES_MAX,
    monitor,
  })
  const iso = (ms: number): string => new Date(ms).toISOString()
  return succeed({
    features,
    ...examples,
    split: `by time: validation from ${iso(split.value.validation.fromMs)}, test from ${iso(split.value.test.fromMs)}`,
    data: {
      rows: data.eventCount,
      users: data.userCount,
      skippedRows: data.skippedCount,
      from: iso(startMs),
      until: iso(endMs),
    },
  })
}

async function fromTable(
  project: Project,
  { data, seed }: { readonly data: TableData; readonly seed: number },
): Promise<Result<PartExamples, ExampleFault>> {
  const rows = await Array.fromAsync(data.rows())
  const parts = stratifiedParts(project, { rows, seed })
  return succeed({
    ...examplesOfRows(project, parts),
    split: 'stratified: 70 % train, 15 % validation, 15 % test',
    data: { rows: data.rowCount, users: data.rowCount, skippedRows: data.skippedCount },
  })
}

export interface RowParts {
  readonly train: readonly LabelledRow[]
  readonly validation: readonly LabelledRow[]
  readonly test: readonly LabelledRow[]
}

/** Features learned from the train rows, and the examples of every part. */
export function examplesOfRows(project: Project, parts: RowParts): Pick<PartExamples, 'features' | PartName> {
  const features = learnTableFeatures(project, parts.train)
  return {
    features,
    train: encodeRows(project, { features, rows: parts.train }),
    validation: encodeRows(project, { features, rows: parts.validation }),
    test: encodeRows(project, { features, rows: parts.test }),
  }
}

/** Every class of the first label in the same shares in every part. */
export function stratifiedParts(
  project: Project,
  {
    rows,
    seed,
    shares = TABLE_SHARES,
  }: {
    readonly rows: readonly LabelledRow[]
    readonly seed: number
    readonly shares?: { readonly validation: number; readonly test: number }
  },
): RowParts {
  const [task = ''] = Object.keys(project.tasks)
  const labels = labelIndices(project, { task, rows })
  const parts: Record<PartName, LabelledRow[]> = { train: [], validation: [], test: [] }
  const random = createRandom(seed).fork('rows')
  for (const label of [...new Set(labels)].toSorted((a, b) => a - b)) {
    const own = shuffle(
      rows.filter((_, index) => labels[index] === label),
      random,
    )
    const testCount = Math.round(shares.test * own.length)
    const validationCount = Math.round(shares.validation * own.length)
    for (const [place, row] of own.entries()) {
      const isTest = place < testCount
      const isValidation = !isTest && place < testCount + validationCount
      parts[isTest ? 'test' : isValidation ? 'validation' : 'train'].push(row)
    }
  }
  return parts
}
