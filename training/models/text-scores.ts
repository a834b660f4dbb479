// What the n-grams of texts alone say of each task, as scores: a linear model a task. Those of the examples that
// were learned from come from models that have not seen the user, so that who learns from the scores takes them for
// what they are worth of others (Wolpert, "Stacked generalization", 1992).
import { NGRAM_WEIGHT_UNITS, ngramIdCount, ngramPlaces } from '../../features/encode-ngrams.ts'
import type { Head } from '../../features/heads/head.ts'
import { createRandom, shuffle } from '../../features/random.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import { addScores, exactModel, fitLinear } from '../linear/fit-linear.ts'
import type { LinearModel, LinearRequest } from '../linear/fit-linear.ts'
import { alikeByNgrams, ngramRows } from '../linear/sparse-rows.ts'
import type { SparseRows } from '../linear/sparse-rows.ts'
import { silent } from '../monitor.ts'
import { startScores } from '../trees/boost.ts'
import { meanLossOf } from '../trees/objective.ts'
import { boostDefaults } from '../trees/settings.ts'
import type { FitRequest, ModelShape } from './family.ts'
import { treeTaskOf } from './tree-task.ts'
import type { TreeTask } from './tree-task.ts'

/** How much the losses may count beside the squares of the weights, one after the other until it gets worse. */
const LOSS_WEIGHTS = [0.1, 0.3, 1, 3, 10, 30]
/** So many in a row that are no better end the search. */
const WORSE_MAX = 2
/** Texts must lower the loss on validation by this share, or they tell nothing. */
const GAIN_MIN = 0.002
const FOLDS = 5
/** About so many weights of n-grams are looked at in a pass of all tasks, those of a sample of users. */
const WEIGHTS_MAX = 4_000_000

/** Amounts are learned by the very deviance that judges them: Poisson's. */
const SETTINGS = { ...boostDefaults, tweediePower: 1 }

/** What texts tell of one task. */
export interface TextTask {
  readonly head: Head
  /** Which output of the head each score is added to. */
  readonly outputs: readonly number[]
  readonly model: LinearModel
}

export interface TextScores {
  /** By task; 0 where texts tell nothing. */
  readonly lossWeights: Readonly<Record<string, number>>
  /** Of those that texts tell something of, in the order of the scores. */
  readonly tasks: readonly TextTask[]
  /** Of the examples that were learned from, row-major [n, scores]. */
  readonly train: Float32Array
}

/** Chooses by validation how freely each task is told by texts, or takes that from the point to stop at. */
export function fitTextScores(request: FitRequest): TextScores {
  const { shape, train, stopAt, seed, monitor = silent } = request
  const folds = foldsOf(train, { seed, shape })
  const alike = alikeByNgrams(train)
  const lossWeights: Record<string, number> = {}
  const tasks: TextTask[] = []
  const columns: Float64Array[] = []
  for (const head of shape.heads) {
    const problem = { head, task: treeTaskOf(head, SETTINGS), shape, alike }
    const learned = knownRows(train, { ...problem, isUsed: (row) => folds[row] !== UNUSED })
    if (head.basis === 'prior' || learned.targets.length === 0) continue
    const { lossWeight, model } =
      stopAt === undefined
        ? chooseLossWeight(request, { problem, learned })
        : fitAsChosen(stopAt.texts?.[head.task] ?? 0, { problem, learned })
    lossWeights[head.task] = lossWeight
    if (model === undefined) continue
    monitor.say(`${head.task}: texts are read by a linear model, losses weighed ${lossWeight}`)
    const own = exactly(model, shape)
    tasks.push({ head, outputs: problem.task.outputs, model: own })
    columns.push(scoresUnseen({ problem, lossWeight, model: own, train, folds }))
  }
  return { lossWeights, tasks, train: besideEachOther(columns, train.count) }
}

interface Problem {
  readonly head: Head
  readonly task: TreeTask
  readonly shape: ModelShape
  /** Of the examples that are learned from: sparse-rows.ts. */
  readonly alike: Int32Array
}

function fit({ task, shape }: Problem, rows: KnownRows, options: FitOptions): LinearModel {
  return fitLinear({ ...rows, ...task, ...options, columnCount: ngramIdCount(shape.features.texts) })
}

function fitAsChosen(
  lossWeight: number,
  { problem, learned }: { readonly problem: Problem; readonly learned: KnownRows },
): Chosen {
  return lossWeight === 0 ? { lossWeight } : { lossWeight, model: fit(problem, learned, { lossWeight }) }
}

/** With weights that are summed without rounding. */
function exactly(model: LinearModel, { features: { texts } }: ModelShape): LinearModel {
  const places = ngramPlaces(texts)
  // The weights of each text are of length 1, but for rounding.
  const sumMax = texts.length * (Math.sqrt(places) + places / (2 * NGRAM_WEIGHT_UNITS))
  return exactModel(model, { valueUnits: NGRAM_WEIGHT_UNITS, sumMax })
}

/** Of each example by a model that was not fitted on its user: one a fold, and the model itself beyond folds. */
function scoresUnseen({
  problem,
  lossWeight,
  model,
  train,
  folds,
}: {
  readonly problem: Problem
  readonly lossWeight: number
  readonly model: LinearModel
  readonly train: ExampleSet
  readonly folds: Int32Array
}): Float64Array {
  const scores = scoresBy(model, train)
  for (let fold = 0; fold < FOLDS; fold += 1) {
    const isUsed = (row: number): boolean => folds[row] !== UNUSED && folds[row] !== fold
    const others = fit(problem, knownRows(train, { ...problem, isUsed }), { lossWeight })
    const own = [...folds.keys()].filter((row) => folds[row] === fold)
    const unseen = scoresBy(exactly(others, problem.shape), train, own)
    for (const [at, row] of own.entries()) {
      scores.set(unseen.subarray(at * model.width, (at + 1) * model.width), row * model.width)
    }
  }
  return scores
}

/** The scores of examples that were not learned from, row-major [n, scores]. */
export function textScoresOf(tasks: readonly TextTask[], examples: ExampleSet): Float32Array {
  return besideEachOther(
    tasks.map(({ model }) => scoresBy(model, examples)),
    examples.count,
  )
}

/** How many scores there are together. */
export function scoreCount(tasks: readonly TextTask[]): number {
  return tasks.reduce((count, { model }) => count + model.width, 0)
}

type FitOptions = Pick<LinearRequest, 'lossWeight' | 'from'>

interface Chosen {
  readonly lossWeight: number
  readonly model?: LinearModel | undefined
}

/** From models held tight to ever freer ones, each beginning where the one before ended. */
function chooseLossWeight(
  { validation }: FitRequest,
  { problem, learned }: { readonly problem: Problem; readonly learned: KnownRows },
): Chosen {
  const { head, task } = problem
  if (validation === undefined) {
    throw new Error(`Expected examples of validation or a point to stop at for '${head.task}', got neither`)
  }
  const alike = alikeByNgrams(validation)
  const { rows, targets, counts } = knownRows(validation, { head, task, alike, isUsed: () => true })
  if (targets.length === 0) return { lossWeight: 0 }
  const lossOf = (model?: LinearModel): number => {
    const scores = startScores(task.start, rows.count)
    if (model !== undefined) addScores(scores, { rows, model })
    return meanLossOf(task.objective, { scores, targets, counts })
  }
  let best: Chosen = { lossWeight: 0 }
  let least = (1 - GAIN_MIN) * lossOf()
  let from: LinearModel | undefined
  let worse = 0
  for (const lossWeight of LOSS_WEIGHTS) {
    from = fit(problem, learned, { lossWeight, from })
    const loss = lossOf(from)
    worse = loss < least ? 0 : worse + 1
    if (worse === WORSE_MAX) break
    if (loss < least) {
      best = { lossWeight, model: from }
      least = loss
    }
  }
  return best
}

interface KnownRows {
  readonly rows: SparseRows
  readonly targets: Float32Array
  /** How many examples each row stands for: all of the same n-grams and target. */
  readonly counts: Float64Array
}

/** Those whose target is known. */
function knownRows(
  examples: ExampleSet,
  {
    head,
    task,
    alike,
    isUsed,
  }: Pick<Problem, 'head' | 'task' | 'alike'> & { readonly isUsed: (row: number) => boolean },
): KnownRows {
  const own = examples.targets[head.task] ?? new Float32Array(0)
  const counts = new Map<string, { row: number; target: number; count: number }>()
  for (const [row, value] of own.entries()) {
    if (Number.isNaN(value) || !isUsed(row)) continue
    const target = task.targetOf(value)
    const key = `${alike[row]} ${target}`
    const known = counts.get(key)
    if (known === undefined) counts.set(key, { row, target, count: 1 })
    else known.count += 1
  }
  const rows = [...counts.values()]
  return {
    rows: ngramRows(
      examples,
      rows.map(({ row }) => row),
    ),
    targets: Float32Array.from(rows, ({ target }) => target),
    counts: Float64Array.from(rows, ({ count }) => count),
  }
}

/** [rows, width] */
function scoresBy(model: LinearModel, examples: ExampleSet, rows?: readonly number[]): Float64Array {
  const chosen = ngramRows(examples, rows ?? [...Array(examples.count).keys()])
  const scores = new Float64Array(chosen.count * model.width)
  addScores(scores, { rows: chosen, model })
  return scores
}

/** Of an example that no model learns from. */
const UNUSED = -1

/** The fold of each example, all of a user in one; users beyond what can be looked at are in none. */
function foldsOf(
  { userIds, inputs, count }: ExampleSet,
  { seed, shape }: Pick<FitRequest, 'seed' | 'shape'>,
): Int32Array {
  const byUser = [...Map.groupBy(userIds.keys(), (row) => userIds[row]).values()]
  let present = 0
  for (const id of inputs['ngrams'] ?? []) if (id !== 0) present += 1
  const scores = shape.heads.reduce((sum, head) => sum + treeTaskOf(head, SETTINGS).outputs.length, 0)
  const share = Math.min(1, WEIGHTS_MAX / Math.max(1, present * scores))
  const folds = new Int32Array(count).fill(UNUSED)
  let used = 0
  for (const [place, rows] of shuffle(byUser, createRandom(seed).fork('texts')).entries()) {
    if (used >= share * count) break
    for (const row of rows) folds[row] = place % FOLDS
    used += rows.length
  }
  return folds
}

/** Of columns [n, width] each, one array [n, all widths]. */
function besideEachOther(columns: readonly Float64Array[], count: number): Float32Array {
  const widths = columns.map(({ length }) => length / Math.max(1, count))
  const width = widths.reduce((sum, own) => sum + own, 0)
  const all = new Float32Array(count * width)
  let from = 0
  for (const [index, column] of columns.entries()) {
    const own = widths[index] ?? 0
    for (let row = 0; row < count; row += 1) {
      all.set(column.subarray(row * own, (row + 1) * own), row * width + from)
    }
    from += own
  }
  return all
}
