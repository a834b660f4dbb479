// Where base rates stand by now. A model that learned from months knows their mean; what has moved of late shows
// day by day in how far what came lies from what it says. A local level follows that: a walk whose steps are as
// large as the days themselves tell, filtered to the last one (Harvey, "Forecasting, Structural Time Series
// Models and the Kalman Filter", 1989, 4.1). Where they tell of no steps beyond chance, nothing moves.
import { DAY_MS } from '../../features/project.ts'

/** How far what came on a day lies from what was said, in log-odds. */
export interface DayResidual {
  readonly shift: number
  /** Infinite where nothing is known of the day. */
  readonly variance: number
}

/** Variances of a day's step that are tried. */
const STEPS = [1e-4, 3e-4, 1e-3, 3e-3, 1e-2, 3e-2, 1e-1]
/** How much likelier, in logs, steps must be than none: one case of a hundred without steps. */
const EVIDENCE_MIN = 2.7
/** Fewer days tell nothing of steps. */
const DAYS_MIN = 14

/** By how much log-odds stand off on the last day; 0 where the days tell of no steps. */
export function latestLevel(days: readonly DayResidual[]): number {
  if (days.filter(({ variance }) => Number.isFinite(variance)).length < DAYS_MIN) return 0
  const still = filter(days, 0)
  const best = STEPS.map((step) => filter(days, step)).reduce((most, found) =>
    found.likelihood > most.likelihood ? found : most,
  )
  return best.likelihood - still.likelihood > EVIDENCE_MIN ? best.level : 0
}

function filter(days: readonly DayResidual[], step: number): { level: number; likelihood: number } {
  // The model was fitted to these days: over all of them it is right.
  let [level, uncertainty, likelihood] = [0, 0, 0]
  for (const { shift, variance } of days) {
    uncertainty += step
    if (!Number.isFinite(variance)) continue
    const expected = uncertainty + variance
    likelihood -= (Math.log(expected) + (shift - level) ** 2 / expected) / 2
    const gain = uncertainty / expected
    level += gain * (shift - level)
    uncertainty *= 1 - gain
  }
  return { level, likelihood }
}

export interface LevelRequest {
  /** Of one class, by example. */
  readonly said: (row: number) => number
  readonly came: (row: number) => boolean
  readonly atMs: Float64Array
  readonly userIds: readonly string[]
}

/** The days from the first example to the last. Answers about one user on a day hang together. */
export function residualsByDay({ said, came, atMs, userIds }: LevelRequest): DayResidual[] {
  const dayOf = (ms: number): number => Math.floor(ms / DAY_MS)
  const firstDay = dayOf(atMs.reduce((least, ms) => Math.min(least, ms), Infinity))
  const days: { off: Map<string, number>; weight: number }[] = []
  for (const [row, ms] of atMs.entries()) {
    const day = (days[dayOf(ms) - firstDay] ??= { off: new Map(), weight: 0 })
    const [chance, userId] = [said(row), userIds[row] ?? '']
    day.off.set(userId, (day.off.get(userId) ?? 0) + (came(row) ? 1 : 0) - chance)
    day.weight += chance * (1 - chance)
  }
  return Array.from(days, (day): DayResidual => {
    if (day === undefined || day.weight < WEIGHT_MIN) return { shift: 0, variance: Infinity }
    const offs = [...day.off.values()]
    const squares = offs.reduce((sum, off) => sum + off ** 2, 0)
    return {
      shift: offs.reduce((sum, off) => sum + off, 0) / day.weight,
      variance: Math.max(day.weight, squares) / day.weight ** 2,
    }
  })
}

/** Of less a day tells nothing that one step of Newton's would find. */
const WEIGHT_MIN = 1
