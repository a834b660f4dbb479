// How far the relative gain of a challenger may be off by chance: users are drawn again and again, each with
// all the moments there are of them, for the moments of one user resemble each other.
import type { Random } from '../../features/random.ts'
import type { PairedTask } from './paired-losses.ts'

/** Shares: 0.01 is one percent of the champion's loss. */
export interface Interval {
  readonly mean: number
  readonly low: number
  readonly high: number
}

export interface Gains {
  /** The mean over the tasks, each counting the same. */
  readonly overall: Interval
  /** In the order of the tasks. */
  readonly tasks: readonly Interval[]
}

export interface BootstrapOptions {
  readonly random: Random
  /** Of the interval, both sides together. */
  readonly confidence: number
  readonly draws: number
}

/** Percentile intervals of the gain: (loss of the champion − loss of the challenger) / loss of the champion. */
export function bootstrapGains(tasks: readonly PairedTask[], options: BootstrapOptions): Gains {
  const { random, confidence, draws } = options
  const { sums, userCount, width } = sumsByUser(tasks)
  const whole = new Float64Array(width)
  for (let place = 0; place < sums.length; place += 1) {
    whole[place % width] = (whole[place % width] ?? 0) + (sums[place] ?? 0)
  }
  const drawn = tasks.map(() => new Float64Array(draws))
  const overall = new Float64Array(draws)
  const totals = new Float64Array(width)
  for (let draw = 0; draw < draws; draw += 1) {
    totals.fill(0)
    for (let user = 0; user < userCount; user += 1) {
      const from = random.integer(userCount) * width
      for (let place = 0; place < width; place += 1) {
        totals[place] = (totals[place] ?? 0) + (sums[from + place] ?? 0)
      }
    }
    const gains = gainsOf(totals)
    overall[draw] = meanOf(gains)
    for (const [task, gain] of gains.entries()) (drawn[task] ?? overall)[draw] = gain
  }
  const found = gainsOf(whole)
  const intervalOf = (mean: number, values: Float64Array): Interval => {
    const sorted = values.toSorted()
    const at = (share: number): number => sorted[Math.round(share * (draws - 1))] ?? Number.NaN
    return { mean, low: at((1 - confidence) / 2), high: at((1 + confidence) / 2) }
  }
  return {
    overall: intervalOf(meanOf(found), overall),
    tasks: drawn.map((values, task) => intervalOf(found[task] ?? Number.NaN, values)),
  }
}

/** Row-major [users, tasks × 2]: what the challenger saves, and what the champion loses. */
function sumsByUser(tasks: readonly PairedTask[]): {
  readonly sums: Float64Array
  readonly userCount: number
  readonly width: number
} {
  const userIds = new Set(tasks.flatMap((task) => task.userIds))
  const placeOf = new Map([...userIds].map((userId, place) => [userId, place]))
  const width = 2 * tasks.length
  const sums = new Float64Array(placeOf.size * width)
  for (const [index, task] of tasks.entries()) {
    for (const [row, userId] of task.userIds.entries()) {
      const place = (placeOf.get(userId) ?? 0) * width + 2 * index
      const [lost, left] = [task.champion[row] ?? 0, task.challenger[row] ?? 0]
      sums[place] = (sums[place] ?? 0) + lost - left
      sums[place + 1] = (sums[place + 1] ?? 0) + lost
    }
  }
  return { sums, userCount: placeOf.size, width }
}

function gainsOf(totals: Float64Array): number[] {
  return Array.from({ length: totals.length / 2 }, (_, task) => {
    const lost = totals[2 * task + 1] ?? 0
    return lost === 0 ? 0 : (totals[2 * task] ?? 0) / lost
  })
}

function meanOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}
