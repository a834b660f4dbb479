// trees: histogram gradient boosting (training/trees/). Each task has trees of its own, over the same bins.
import { availableParallelism } from 'node:os'
import { headWidth } from '../../features/heads/kinds.ts'
import type { Head } from '../../features/heads/head.ts'
import { createRandom } from '../../features/random.ts'
import { plural } from '../told-numbers.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import { createShares } from '../fit/shares.ts'
import { overrideSettings } from '../fit/settings.ts'
import { describeEnding } from '../fit/ending.ts'
import type { Ending } from '../fit/ending.ts'
import { silent } from '../monitor.ts'
import { binTable, selectRows } from '../trees/bin-table.ts'
import { boost } from '../trees/boost.ts'
import type { KnownRows } from '../trees/boost.ts'
import type { BinnedTable, Bins } from '../trees/columns.ts'
import type { PlacedTree } from '../trees/ensemble.ts'
import { learnBins } from '../trees/learn-bins.ts'
import { boostDefaults } from '../trees/settings.ts'
import type { Direction } from '../trees/split-rules.ts'
import { addTree } from '../trees/tree.ts'
import { FitError } from './family.ts'
import type { Family, FitRequest, Fitted, Outputs } from './family.ts'
import { priorColumn } from './prior-outputs.ts'
import { byFactors, evenly, wholeByFactors } from './search-space.ts'
import { treeColumnsOf, treeTable } from './tree-columns.ts'
import type { TreeColumn } from './tree-columns.ts'
import { treeTaskOf } from './tree-task.ts'
import { writeTrees } from './write-trees.ts'

/** Of fewer cells one thread makes short work. */
const CELLS_A_THREAD = 500_000
const THREADS_MAX = 4
const DIRECTIONS = { rises: 1, falls: -1 } as const

interface FittedTask {
  readonly head: Head
  /** First of its outputs among those of all heads. */
  readonly from: number
  readonly rounds: number
  readonly trees: readonly PlacedTree[]
  readonly ending: Ending | undefined
}

export const trees: Family = {
  name: 'trees',
  keepsMonotone: true,
  settings: boostDefaults,
  space: () => ({
    learningRate: byFactors({ from: 0.01, to: 0.15 }),
    leavesMax: wholeByFactors({ from: 4, to: 63 }),
    rowsALeaf: wholeByFactors({ from: 20, to: 400 }),
    minRows: wholeByFactors({ from: 3, to: 100 }),
    l2: byFactors({ from: 0.1, to: 30 }),
    columnShare: evenly({ from: 0.2, to: 1 }),
    rowShare: evenly({ from: 0.5, to: 1 }),
  }),
  async fit(request) {
    const { shape, train, validation, monitor = silent } = request
    const settings = overrideSettings(boostDefaults, request.settings)
    const whole = new Set(shape.heads.flatMap(({ declaration }) => Object.keys(declaration.monotone ?? {})))
    const columns = treeColumnsOf(shape.features, whole)
    const bins = learnBins(treeTable(train, columns))
    monitor.say(
      `trees are grown over ${plural(columns.length, 'column')} of ${plural(train.count, 'example')}`,
    )
    const tables = {
      train: binTable(treeTable(train, columns), bins),
      validation: validation === undefined ? undefined : binTable(treeTable(validation, columns), bins),
    }
    const fitted: FittedTask[] = []
    const time = createShares(settings.minutesMax, shape.heads.length)
    let from = 0
    for (const head of shape.heads) {
      const own = { ...settings, minutesMax: time.next() }
      const directions = columns.map(({ name }) => directionOf(head, name))
      const { rounds: done, ending } = await fitTask(
        { ...request, settings: own },
        { head, tables, directions },
      )
      if (ending !== undefined) monitor.say(describeEnding(ending))
      const placed = done.map((round) => round.map(({ tree, output }) => ({ tree, output: output + from })))
      fitted.push({ head, from, rounds: done.length, trees: placed.flat(), ending })
      from += headWidth(head)
    }
    return fittedOf(request, { columns, bins, fitted, settings })
  },
}

function directionOf({ declaration }: Head, column: string): Direction {
  const direction = declaration.monotone?.[column]
  return direction === undefined ? 0 : DIRECTIONS[direction]
}

interface TaskRequest {
  readonly head: Head
  /** By column. */
  readonly directions: readonly Direction[]
  readonly tables: { readonly train: BinnedTable; readonly validation: BinnedTable | undefined }
}

interface GrownTask {
  /** By round, a tree for each of the head's outputs that has one. */
  readonly rounds: readonly (readonly PlacedTree[])[]
  readonly ending?: Ending
}

async function fitTask(
  request: FitRequest & { readonly settings: typeof boostDefaults },
  { head, tables, directions }: TaskRequest,
): Promise<GrownTask> {
  const { train, validation, stopAt, seed, settings, monitor = silent } = request
  const { objective, start, outputs, targetOf } = treeTaskOf(head, settings)
  const known = (table: BinnedTable, examples: ExampleSet): KnownRows => {
    const targets = examples.targets[head.task] ?? new Float32Array(0)
    const rows = Int32Array.from([...targets.keys()].filter((row) => !Number.isNaN(targets[row])))
    return {
      table: rows.length === table.count ? table : selectRows(table, rows),
      targets: Float32Array.from(rows, (row) => targetOf(targets[row] ?? Number.NaN)),
    }
  }
  const rounds = stopAt?.epochs[head.task]
  if (head.basis === 'prior' || rounds === 0) return { rounds: [] }
  if (rounds === undefined && validation === undefined) {
    throw new Error(`Expected examples of validation or a point to stop at for '${head.task}', got neither`)
  }
  const learned = known(tables.train, train)
  const judged =
    rounds === undefined && validation !== undefined && tables.validation !== undefined
      ? known(tables.validation, validation)
      : undefined
  if (learned.targets.length === 0 || judged?.targets.length === 0) return { rounds: [] }
  const work = monitor.track({
    label: `growing for ${head.task}`,
    total: rounds ?? settings.roundsMax,
    unit: 'rounds',
  })
  const cells = learned.table.count * learned.table.bins.length
  let latest: number | undefined
  const boosted = await boost({
    train: learned,
    validation: judged,
    rounds,
    objective,
    start,
    directions,
    settings,
    random: createRandom(seed).fork(`trees/${head.task}`),
    threadCount: Math.max(
      1,
      Math.min(THREADS_MAX, availableParallelism(), Math.floor(cells / CELLS_A_THREAD)),
    ),
    onRound(round, loss) {
      work.advance(1)
      latest = loss
      if (loss === undefined || Number.isFinite(loss)) return
      const cause = `the loss of '${head.task}' on validation is ${loss}`
      throw new FitError({ code: 'diverged', family: 'trees', step: round, cause })
    },
  }).finally(() =>
    work.done(latest === undefined ? undefined : `on validation ${latest.toFixed(4)} of the prior's`),
  )
  const { endedBy } = boosted
  return {
    rounds: boosted.rounds.map((round) =>
      round.map((tree, place) => ({ tree, output: outputs[place] ?? 0 })),
    ),
    ...(endedBy !== undefined && { ending: { of: `trees for ${head.task}`, unit: 'rounds', ...endedBy } }),
  }
}

interface FittedParts {
  readonly columns: readonly TreeColumn[]
  readonly bins: readonly Bins[]
  readonly fitted: readonly FittedTask[]
  readonly settings: typeof boostDefaults
}

function fittedOf({ shape }: FitRequest, { columns, bins, fitted, settings }: FittedParts): Fitted {
  const all = fitted.flatMap((task) => task.trees)
  return {
    stoppedAt: { epochs: Object.fromEntries(fitted.map(({ head, rounds }) => [head.task, rounds])) },
    logits(examples): Promise<Outputs> {
      const table = binTable(treeTable(examples, columns), bins)
      return Promise.resolve(
        Object.fromEntries(fitted.map((task) => [task.head.task, outputsOf(task, table)])),
      )
    },
    export: () => writeTrees(shape, { columns, bins, trees: all }),
    describe: () => ({
      parameters: all.reduce((sum, { tree }) => sum + tree.splits.length + tree.values.length, 0),
      steps: fitted.reduce((sum, { rounds }) => sum + rounds, 0),
      endings: fitted.flatMap(({ ending }) => ending ?? []),
      backend: 'typescript',
      settings,
    }),
    dispose: () => {},
  }
}

/** [n, headWidth] */
function outputsOf({ head, from, trees: grown }: FittedTask, table: BinnedTable): Float32Array {
  const scores = Float64Array.from(priorColumn(head, table.count))
  const stride = headWidth(head)
  for (const { tree, output } of grown) addTree(scores, { tree, table, stride, offset: output - from })
  return Float32Array.from(scores)
}
