// Made-up tables with a known truth, and boosting of them, for the tests of trees.
import { createRandom } from '../../../features/random.ts'
import type { Random } from '../../../features/random.ts'
import { binTable } from '../../../training/trees/bin-table.ts'
import { boost, startScores } from '../../../training/trees/boost.ts'
import type { BoostRequest, KnownRows } from '../../../training/trees/boost.ts'
import type { Bins, Column, Table } from '../../../training/trees/columns.ts'
import { learnBins } from '../../../training/trees/learn-bins.ts'
import { binaryLogLoss } from '../../../training/trees/objective.ts'
import type { Objective } from '../../../training/trees/objective.ts'
import { boostDefaults } from '../../../training/trees/settings.ts'
import type { BoostSettings } from '../../../training/trees/settings.ts'
import type { Direction } from '../../../training/trees/split-rules.ts'
import { addTree } from '../../../training/trees/tree.ts'

export interface World {
  readonly columns: readonly Column[]
  readonly targets: Float32Array
}

export function numbers(values: ArrayLike<number>): Column {
  return { kind: 'number', values: Float32Array.from(values) }
}

export function categories(values: ArrayLike<number>, size: number): Column {
  return { kind: 'category', values: Int32Array.from(values), vocabulary: 'codes', size }
}

/** Draws of 0 and 1 whose logit is known. */
export function drawTargets(logits: ArrayLike<number>, random: Random): Float32Array {
  return Float32Array.from(logits, (logit) => (random.next() < 1 / (1 + Math.exp(-logit)) ? 1 : 0))
}

export function tableOf(columns: readonly Column[]): Table {
  return { count: columns[0]?.values.length ?? 0, columns: columns.map((column) => () => column) }
}

export interface BoostOptions {
  readonly seed?: number
  readonly settings?: Partial<BoostSettings>
  readonly objective?: Objective
  readonly start?: readonly number[]
  readonly directions?: readonly Direction[]
  readonly rounds?: number
  readonly validation?: World
  readonly threadCount?: number
}

export interface BoostedWorld {
  readonly bins: readonly Bins[]
  readonly rounds: Awaited<ReturnType<typeof boost>>['rounds']
  /** Of any rows, [n, width]. */
  score(columns: readonly Column[]): Float64Array
}

export async function boostWorld(world: World, options: BoostOptions = {}): Promise<BoostedWorld> {
  const { seed = 1, objective = binaryLogLoss, start = [0], validation } = options
  const bins = learnBins(tableOf(world.columns))
  const rowsOf = ({ columns, targets }: World): KnownRows => ({
    table: binTable(tableOf(columns), bins),
    targets,
  })
  const request: BoostRequest = {
    train: rowsOf(world),
    validation: validation === undefined ? undefined : rowsOf(validation),
    rounds: options.rounds ?? (validation === undefined ? 100 : undefined),
    objective,
    start,
    directions: options.directions ?? [],
    settings: { ...boostDefaults, ...options.settings },
    random: createRandom(seed),
    threadCount: options.threadCount ?? 1,
  }
  const { rounds } = await boost(request)
  return {
    bins,
    rounds,
    score(columns) {
      const table = binTable(tableOf(columns), bins)
      const scores = startScores(start, table.count)
      for (const trees of rounds) {
        for (const [offset, tree] of trees.entries()) {
          addTree(scores, { tree, table, stride: objective.width, offset })
        }
      }
      return scores
    },
  }
}
