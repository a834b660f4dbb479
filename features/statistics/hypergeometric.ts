// Drawing without replacement: how many of each kind come, when so many are drawn of what there is.
import type { Random } from '../random.ts'
import { logFactorial } from './log-gamma.ts'

interface Urn {
  readonly total: number
  readonly marked: number
  readonly drawn: number
}

/** How many marked ones come. By inversion, outwards from the likeliest, so that it costs about a deviation. */
export function drawHypergeometric({ total, marked, drawn }: Urn, random: Random): number {
  const least = Math.max(0, drawn - (total - marked))
  const most = Math.min(drawn, marked)
  if (least === most) return least
  const mode = Math.floor(((drawn + 1) * (marked + 1)) / (total + 2))
  const atMode = Math.exp(
    logChoose(marked, mode) + logChoose(total - marked, drawn - mode) - logChoose(total, drawn),
  )
  let left = random.next() - atMode
  let [below, above] = [mode, mode]
  let [pBelow, pAbove] = [atMode, atMode]
  while (left >= 0 && (below > least || above < most)) {
    if (above < most) {
      pAbove *= ((marked - above) * (drawn - above)) / ((above + 1) * (total - marked - drawn + above + 1))
      above += 1
      left -= pAbove
      if (left < 0) return above
    }
    if (below > least) {
      pBelow *= (below * (total - marked - drawn + below)) / ((marked - below + 1) * (drawn - below + 1))
      below -= 1
      left -= pBelow
      if (left < 0) return below
    }
    // What is left lies in tails too thin to be added up.
    if (pAbove < 1e-300 && pBelow < 1e-300) break
  }
  return mode
}

/** How many of each bin come, when `drawn` are drawn from bins with these counts. Into `into`. */
export function drawFromBins(
  counts: ArrayLike<number>,
  { drawn, into, random }: { readonly drawn: number; readonly into: Float64Array; readonly random: Random },
): void {
  let total = 0
  for (let bin = 0; bin < counts.length; bin += 1) total += counts[bin] ?? 0
  let left = drawn
  for (let bin = 0; bin < counts.length; bin += 1) {
    const marked = counts[bin] ?? 0
    const came = left === 0 ? 0 : drawHypergeometric({ total, marked, drawn: left }, random)
    into[bin] = came
    left -= came
    total -= marked
  }
}

function logChoose(n: number, k: number): number {
  return logFactorial(n) - logFactorial(k) - logFactorial(n - k)
}
