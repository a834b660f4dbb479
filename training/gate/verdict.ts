// The verdict of the gate: the rule, on numbers that were measured elsewhere. What it takes for certain is in
// docs/decisions/2026-11-30-gate-and-sequential-test.md.
import type { Random } from '../../features/random.ts'
import { normalQuantile } from '../../features/statistics/normal.ts'
import { bootstrapGains } from './bootstrap.ts'
import type { Interval } from './bootstrap.ts'
import type { CalibrationCost } from './calibration-cost.ts'
import type { PairedTask } from './paired-losses.ts'
import { findWorse } from './worse.ts'
import type { Place, Worse } from './worse.ts'

export const GATE_LIMITS = {
  /**
   * By claim, a share of the loss. Gains up to the first are what another seed brings; what learned from later moments
   * may be worse by the second, as far as the test can tell. A task that is worse by less does no harm.
   */
  margin: { better: 0.003, no_worse: 0.01 },
  /** A gain that a gate must be able to see; a refusal says how many moments that takes. */
  detectable: 0.01,
  /** Of the interval, by whose lower end a challenger is judged. */
  confidence: 0.95,
  draws: 1_000,
  /** The chance that a challenger is called worse at some task, or in some slice, that is not. */
  worseAlpha: 0.05,
  /**
   * By claim: a slice that is worse by less does no harm, as a share of its loss. Another seed alone moves one by some
   * percent, and what knows later moments is not kept out by that.
   */
  sliceHarmless: { better: 0.01, no_worse: 0.05 },
  /** What calibration may cost beyond the champion's and beyond chance, as a share of the loss. */
  calibrationCostMax: 0.01,
  /** A task of which fewer users are known is not compared. */
  usersMin: 100,
} as const

/**
 * What a challenger has to show. One that has learned nothing later than the champion must be better by more
 * than another seed brings; one that knows later moments must only be no worse by what is borne: what those are
 * worth no test before them shows, and its first share of the answers does.
 */
export type Claim = 'better' | 'no_worse'

export type Obstacle =
  | { readonly code: 'gain_not_shown'; readonly needed: number }
  | { readonly code: 'task_worse'; readonly worse: Worse }
  | { readonly code: 'slice_worse'; readonly worse: Worse }
  | { readonly code: 'calibration'; readonly task: string; readonly costMax: number }

export interface TaskVerdict {
  readonly task: string
  readonly moments: number
  readonly users: number
  /** Mean losses. */
  readonly champion: number
  readonly challenger: number
  readonly gain: Interval
  /** Of the challenger, as a share of its loss. */
  readonly calibration: CalibrationCost
  readonly isAnsweredByChampion: boolean
}

export interface Verdict {
  /** 'too_few': there are too few moments to tell. */
  readonly outcome: 'promote' | 'keep' | 'too_few'
  readonly claim: Claim
  /** Mean relative gain over the tasks; absent where no task has enough users. */
  readonly gain?: Interval
  readonly tasks: readonly TaskVerdict[]
  readonly obstacles: readonly Obstacle[]
  /** Tasks of too few users to compare, and how many users there are. */
  readonly tooFew: readonly { readonly task: string; readonly users: number }[]
  readonly users: number
  readonly moments: number
  /** How many more users with known answers it takes, where there are too few. */
  readonly usersMore: number
  readonly slicesLooked: number
  /** Why it is promoted nevertheless. */
  readonly forced?: string
}

export interface JudgeRequest {
  readonly claim: Claim
  readonly paired: readonly PairedTask[]
  readonly slices: readonly Place[]
  readonly calibration: Readonly<Record<'champion' | 'challenger', Readonly<Record<string, CalibrationCost>>>>
  readonly random: Random
  readonly force?: string | undefined
}

/** Weighs everything; the same seed gives the same verdict. */
export function judge(request: JudgeRequest): Verdict {
  const { claim, slices, calibration, random, force } = request
  const enough = request.paired.filter((task) => usersOf([task]) >= GATE_LIMITS.usersMin)
  const tooFew = request.paired
    .filter((task) => !enough.includes(task))
    .map((task) => ({ task: task.task, users: usersOf([task]) }))
  const users = usersOf(enough)
  const base = { claim, tooFew, users, moments: momentsOf(enough) }
  if (enough.length === 0) {
    const usersMore = GATE_LIMITS.usersMin - Math.max(0, ...tooFew.map((task) => task.users))
    const nothing = { ...base, tasks: [], obstacles: [], usersMore, slicesLooked: 0 }
    return force === undefined
      ? { ...nothing, outcome: 'too_few' }
      : { ...nothing, outcome: 'promote', forced: force }
  }
  const { overall, tasks } = bootstrapGains(enough, { random: random.fork('bootstrap'), ...GATE_LIMITS })
  const margin = GATE_LIMITS.margin[claim]
  const needed = claim === 'better' ? margin : -margin
  const looked = slices.flatMap((place) => {
    const paired = enough.find(({ task }) => task === place.task)
    return paired === undefined ? [] : [{ paired, place }]
  })
  const obstacles: Obstacle[] = [
    ...(overall.low > needed ? [] : [{ code: 'gain_not_shown', needed } as const]),
    ...worseTasks(enough, margin).map((worse) => ({ code: 'task_worse', worse }) as const),
    ...worseSlices(looked, GATE_LIMITS.sliceHarmless[claim]).map(
      (worse) => ({ code: 'slice_worse', worse }) as const,
    ),
    ...enough.flatMap(({ task }) => miscalibration(task, calibration)),
  ]
  const verdict: Verdict = {
    ...base,
    outcome: outcomeOf(obstacles, overall),
    gain: overall,
    tasks: enough.map((task, place) => ({
      task: task.task,
      moments: task.rows.length,
      users: usersOf([task]),
      champion: meanOf(task.champion),
      challenger: meanOf(task.challenger),
      gain: tasks[place] ?? overall,
      calibration: calibration.challenger[task.task] ?? { cost: 0, byChance: 0 },
      isAnsweredByChampion: task.isAnsweredByChampion,
    })),
    obstacles,
    usersMore: Math.max(0, Math.ceil(usersNeeded(users, overall)) - users),
    slicesLooked: looked.length,
  }
  return force === undefined || verdict.outcome === 'promote'
    ? verdict
    : { ...verdict, outcome: 'promote', forced: force }
}

/** Moments are too few where the only obstacle is an interval so wide that a gain worth having hides in it. */
function outcomeOf(obstacles: readonly Obstacle[], gain: Interval): Verdict['outcome'] {
  if (obstacles.length === 0) return 'promote'
  const {
    margin: { better: margin },
    detectable,
  } = GATE_LIMITS
  const isUndecided = obstacles.every(({ code }) => code === 'gain_not_shown') && gain.high > margin
  return isUndecided && halfWidth(gain) > detectable - margin ? 'too_few' : 'keep'
}

/** So many that the interval of a gain that must be seen lies above the margin: its width falls as the root. */
function usersNeeded(users: number, gain: Interval): number {
  return users * (halfWidth(gain) / (GATE_LIMITS.detectable - GATE_LIMITS.margin.better)) ** 2
}

function halfWidth({ low, high }: Interval): number {
  return (high - low) / 2
}

function worseTasks(tasks: readonly PairedTask[], harmless: number): Worse[] {
  const looked = tasks.map((paired) => ({ paired, place: { task: paired.task } }))
  return findWorse(looked, { alpha: GATE_LIMITS.worseAlpha, harmless })
}

function worseSlices(looked: Parameters<typeof findWorse>[0], harmless: number): Worse[] {
  return findWorse(looked, { alpha: GATE_LIMITS.worseAlpha, harmless })
}

function miscalibration(task: string, { champion, challenger }: JudgeRequest['calibration']): Obstacle[] {
  const own = challenger[task]
  if (own === undefined) return []
  const costMax =
    GATE_LIMITS.calibrationCostMax + Math.max(0, champion[task]?.cost ?? 0) + CHANCE_FACTOR * own.byChance
  return own.cost > costMax ? [{ code: 'calibration', task, costMax }] : []
}

/** How many times what chance costs on average it costs in one case of twenty, of a few fitted numbers. */
const CHANCE_FACTOR = normalQuantile(0.975) ** 2

function usersOf(tasks: readonly PairedTask[]): number {
  return new Set(tasks.flatMap(({ userIds }) => userIds)).size
}

function momentsOf(tasks: readonly PairedTask[]): number {
  return new Set(tasks.flatMap(({ rows }) => rows)).size
}

function meanOf(values: Float64Array): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
