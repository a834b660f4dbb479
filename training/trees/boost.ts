// Gradient boosting: round after round a tree for each score, grown on the derivatives of the loss where the
// trees so far have brought it. Seeded: same rows, same seed, same trees, unless the limit of minutes cuts in.
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Random } from '../../features/random.ts'
import type { Ending } from '../fit/ending.ts'
import type { BinnedTable } from './columns.ts'
import { growTree } from './grow-tree.ts'
import type { GrownTree } from './grow-tree.ts'
import { histogramOffsets } from './histogram.ts'
import type { HistogramMemory } from './histogram.ts'
import { meanLossOf } from './objective.ts'
import type { Objective } from './objective.ts'
import { leavesFor } from './settings.ts'
import type { BoostSettings } from './settings.ts'
import type { Direction } from './split-rules.ts'
import { createThreads } from './threads.ts'
import { addTree } from './tree.ts'
import type { Tree } from './tree.ts'

/** What a loss is divided by. */
const LOSS_MIN = 1e-9

/** Rows with what is known of them. */
export interface KnownRows {
  readonly table: BinnedTable
  /** [n], none of them NaN. */
  readonly targets: Float32Array
}

export interface BoostRequest {
  readonly train: KnownRows
  /** Where to stop is chosen on these… */
  readonly validation?: KnownRows | undefined
  /** …or known. */
  readonly rounds?: number | undefined
  readonly objective: Objective
  /** What is said without a tree, by score. */
  readonly start: readonly number[]
  /** By column. */
  readonly directions: readonly Direction[]
  readonly settings: BoostSettings
  readonly random: Random
  readonly threadCount: number
  /** Told after every round: the loss on validation over that of the start, where there is validation. */
  readonly onRound?: (round: number, share: number | undefined) => void
}

export interface Boosted {
  /** By round, a tree for each score. */
  readonly rounds: readonly (readonly Tree[])[]
  /** What ended it where validation judged: rounds without a better loss, or a bound. */
  readonly endedBy?: Ended
}

/** Of the rounds that were grown, those after the best among them. */
export type Ended = Pick<Ending, 'by' | 'after' | 'bound' | 'bestAfter'>

/** The rounds up to the best on validation, or as many as were asked for. */
export async function boost(request: BoostRequest): Promise<Boosted> {
  const { train, validation, objective, settings, random, onRound } = request
  const memory = createMemory(train.table, leavesFor(train.table.count, settings))
  const threads = createThreads({
    memory,
    bins: train.table.bins.map(({ count }) => count),
    threadCount: request.threadCount,
  })
  const scores = startScores(request.start, train.table.count)
  const judged = startScores(request.start, validation?.table.count ?? 0)
  const derivatives = Array.from({ length: objective.width }, () => new Float32Array(2 * train.table.count))
  const rounds: Tree[][] = []
  const roundsMax = request.rounds ?? settings.roundsMax
  // Rounds that are known are all grown, however long it takes: the mix and the calibration are for as many.
  const endMs = request.rounds === undefined ? performance.now() + settings.minutesMax * 60_000 : Infinity
  const startLoss =
    validation === undefined ? 0 : meanLossOf(objective, { scores: judged, targets: validation.targets })
  let best = { rounds: 0, loss: startLoss }
  let endedBy: Ended | undefined
  try {
    while ((endedBy = endedNow()) === undefined) {
      const grown = await growRound()
      // Nothing can be told any more, nor will it be: the next tree would look at the same rows and columns.
      const isDrawn = settings.rowShare < 1 || settings.columnShare < 1
      if (!isDrawn && grown.every(({ splits }) => splits.length === 0)) break
      rounds.push(grown)
      const loss = validation === undefined ? undefined : judge(validation, grown)
      onRound?.(rounds.length, loss === undefined ? undefined : loss / Math.max(startLoss, LOSS_MIN))
      if (loss !== undefined && loss < best.loss) best = { rounds: rounds.length, loss }
      await nextTurn()
    }
  } finally {
    await threads.close()
  }
  if (validation === undefined) return { rounds }
  return { rounds: rounds.slice(0, best.rounds), ...(endedBy !== undefined && { endedBy }) }

  function endedNow(): Ended | undefined {
    const after = rounds.length
    const without = after - best.rounds
    if (validation !== undefined && without >= settings.patienceRounds) {
      return { by: 'patience', after, bound: without }
    }
    if (after >= roundsMax) return { by: 'steps', after, bestAfter: best.rounds, bound: roundsMax }
    if (performance.now() >= endMs)
      return { by: 'minutes', after, bestAfter: best.rounds, bound: settings.minutesMax }
    return undefined
  }

  async function growRound(): Promise<Tree[]> {
    const { count } = train.table
    objective.derivatives(scores, train.targets, derivatives)
    const rows = drawRows(count, settings.rowShare, random)
    const trees: Tree[] = []
    for (const [offset, from] of derivatives.entries()) {
      takeRows(memory, rows, from)
      const grown = await growTree({
        memory,
        bins: train.table.bins,
        columns: drawColumns(train.table.bins.length, settings.columnShare, random),
        directions: request.directions,
        rules: settings,
        sum: threads.sum,
        rowCount: rows.length,
        leavesMax: leavesFor(count, settings),
        learningRate: settings.learningRate,
      })
      if (rows.length === count) addLeaves(grown, offset)
      else addTree(scores, { tree: grown.tree, table: train.table, stride: objective.width, offset })
      trees.push(grown.tree)
    }
    return trees
  }
  /** Where all rows were grown on, it is known in which leaf each lies. */
  function addLeaves({ tree, leaves }: GrownTree, offset: number): void {
    for (const [leaf, { from, to }] of leaves.entries()) {
      const value = tree.values[leaf]!
      for (let at = from; at < to; at += 1) scores[memory.rows[at]! * objective.width + offset]! += value
    }
  }
  function judge({ table, targets }: KnownRows, trees: readonly Tree[]): number {
    for (const [offset, tree] of trees.entries()) {
      addTree(judged, { tree, table, stride: objective.width, offset })
    }
    return meanLossOf(objective, { scores: judged, targets })
  }
}

function createMemory({ cells, count, bins }: BinnedTable, leaves: number): HistogramMemory {
  const { offsets, length } = histogramOffsets(bins)
  return {
    cells,
    count,
    rows: new Int32Array(new SharedArrayBuffer(4 * count)),
    derivatives: new Float32Array(new SharedArrayBuffer(8 * count)),
    histograms: new Float64Array(new SharedArrayBuffer(8 * length * leaves)),
    offsets,
    length,
  }
}

/** [n, width] */
export function startScores(start: readonly number[], count: number): Float64Array {
  const scores = new Float64Array(count * start.length)
  for (let place = 0; place < scores.length; place += 1) scores[place] = start[place % start.length]!
  return scores
}

function drawRows(count: number, share: number, random: Random): Int32Array {
  const rows = new Int32Array(count)
  let drawn = 0
  for (let row = 0; row < count; row += 1) {
    if (share < 1 && random.next() >= share) continue
    rows[drawn] = row
    drawn += 1
  }
  return rows.subarray(0, drawn)
}

/** In rising order, at least one. */
function drawColumns(count: number, share: number, random: Random): Int32Array {
  const wanted = Math.min(count, Math.max(1, Math.round(count * share)))
  const columns = Int32Array.from({ length: count }, (_, column) => column)
  for (let place = 0; place < wanted; place += 1) {
    const other = place + random.integer(count - place)
    const kept = columns[place]!
    columns[place] = columns[other]!
    columns[other] = kept
  }
  return columns.subarray(0, wanted).toSorted()
}

function takeRows({ rows, derivatives }: HistogramMemory, drawn: Int32Array, from: Float32Array): void {
  rows.set(drawn)
  for (const [at, row] of drawn.entries()) {
    derivatives[2 * at] = from[2 * row]!
    derivatives[2 * at + 1] = from[2 * row + 1]!
  }
}
