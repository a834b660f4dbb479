// What ended a fit that was free to go on: that validation got no better, or a bound.

export interface Ending {
  /** What was fitted: 'pooled', or of trees 'trees for churn'. */
  readonly of: string
  /** For so long validation had not got better; or one of the bounds was reached, though it still might have. */
  readonly by: 'patience' | 'steps' | 'minutes'
  /** Of the fit when it ended. Trees take rounds. */
  readonly after: number
  readonly unit: 'steps' | 'rounds'
  /** How far it was when validation was last better, where a bound ended it. */
  readonly bestAfter?: number
  /** The bound that held: so many steps or rounds without a better validation loss or at most, or minutes. */
  readonly bound: number
}

/** Got no better for so much of its way, more of it would hardly have helped. */
const LATE_SHARE = 0.25

/** In words: 'pooled: no better on validation for 640 steps, after 1,920'. */
export function describeEnding({ of, by, after, unit, bound, bestAfter = after }: Ending): string {
  const [limit, steps, best] = [bound, after, bestAfter].map((number) =>
    number.toLocaleString('en', { maximumFractionDigits: 1 }),
  )
  const hope =
    after - bestAfter > LATE_SHARE * after
      ? `no better on validation since ${unit.slice(0, -1)} ${best}, and`
      : 'may learn more, but'
  switch (by) {
    case 'patience':
      return `${of}: no better on validation for ${limit} ${unit}, after ${steps}`
    case 'steps':
      return `${of}: ${hope} ended at its bound of ${limit} ${unit}`
    case 'minutes':
      return `${of}: ${hope} ended at its bound of ${limit} ${bound === 1 ? 'minute' : 'minutes'}, after ${steps} ${unit}`
  }
}
