// How far answers are from the truth: the loss that is expected of them under the true probabilities, over that
// of the truth itself. Nothing is counted that chance decides, so that few answers tell much.
export type Chances = Readonly<Record<string, number>>

/** Sums over answers. */
export interface Losses {
  readonly count: number
  /** Expected log loss of what was answered, … */
  readonly answered: number
  /** … of what the first bundle would have answered, … */
  readonly frozen: number
  /** … and of the truth. */
  readonly truth: number
}

export const NO_LOSSES: Losses = { count: 0, answered: 0, frozen: 0, truth: 0 }
/** An answer of nothing is counted as this. */
const CHANCE_MIN = 1e-6

export function plusLosses(left: Losses, right: Losses): Losses {
  return {
    count: left.count + right.count,
    answered: left.answered + right.answered,
    frozen: left.frozen + right.frozen,
    truth: left.truth + right.truth,
  }
}

/** Of one answer. Answers are of a yes or no by `yes` alone, or of all classes. */
export function lossesOf(
  truth: Chances,
  { answered, frozen }: { readonly answered: Chances; readonly frozen: Chances },
): Losses {
  const wanted = whole(truth)
  const expected = (given: Chances): number => {
    const chances = whole(given)
    return Object.entries(wanted).reduce(
      (sum, [name, chance]) =>
        sum - (chance > 0 ? chance * Math.log(Math.max(CHANCE_MIN, chances[name] ?? 0)) : 0),
      0,
    )
  }
  return { count: 1, answered: expected(answered), frozen: expected(frozen), truth: expected(truth) }
}

/** Mean over the tasks of the loss over the truth's, as a share; NaN where nothing was answered. */
export function excessOf(tasks: Readonly<Record<string, Losses>>, which: 'answered' | 'frozen'): number {
  const shares = Object.values(tasks).map((losses) => losses[which] / losses.truth - 1)
  return shares.reduce((sum, share) => sum + share, 0) / shares.length
}

function whole(chances: Chances): Chances {
  const { yes } = chances
  return yes === undefined ? chances : { yes, no: 1 - yes }
}
