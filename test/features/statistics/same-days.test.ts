import { describe, expect, it } from 'vitest'
import { addSettled, noFigures } from '../../../features/live-figures.ts'
import type { Figures } from '../../../features/live-figures.ts'
import { createRandom } from '../../../features/random.ts'
import type { Random } from '../../../features/random.ts'
import { guardrailFault } from '../../../features/statistics/guardrail.ts'
import { onSameDays } from '../../../features/statistics/same-days.ts'
import type { ArmDays } from '../../../features/statistics/same-days.ts'
import { shopHeads } from '../../functions/shop.ts'

const [found] = shopHeads
if (found === undefined) throw new Error('No head')
const head = found

interface Day {
  readonly requests: number
  readonly failureRate?: number
  /** The probability of what was answered to come true. */
  readonly truth?: number
}

/** An arm that answers 0.3 whatever comes. */
function armOf(random: Random, days: readonly Day[]): ArmDays {
  const settled = days.map(({ requests, truth = 0.3 }, day): [number, Figures] => {
    let figures = noFigures(head)
    for (let index = 0; index < requests; index += 1) {
      const target = random.next() < truth ? 1 : 0
      const userId = `${day} ${index}`
      figures = addSettled(figures, head, { userId, numbers: [0.7, 0.3], target, propensity: 1 })
    }
    return [day, figures]
  })
  const traffic = days.map(({ requests, failureRate = 0 }, day) => {
    const sums = { requests, failures: requests * failureRate }
    return [day, { ...sums, latencyMs: 20 * requests, latencyMsSquared: 800 * requests }] as const
  })
  return { traffic: new Map(traffic), figures: { [head.task]: new Map(settled) } }
}

function faultOf(champion: readonly Day[], challenger: readonly Day[]): string | undefined {
  const random = createRandom(1)
  const arms = onSameDays({ champion: armOf(random, champion), challenger: armOf(random, challenger) })
  return guardrailFault(arms.champion, arms.challenger)
}

describe('two arms on the same days', () => {
  it('are alike where days differ and the share grows, which all days together would deny', () => {
    const hard = { failureRate: 0.04, truth: 0.9 }
    const champion = [{ requests: 4_000 }, { requests: 2_000, ...hard }]
    const challenger = [{ requests: 200 }, { requests: 2_000, ...hard }]
    expect(faultOf(champion, challenger)).toBe(undefined)
    const pooled = (days: readonly Day[]): ArmDays['traffic'] => {
      const all = [...armOf(createRandom(1), days).traffic.values()]
      const sum = (of: 'requests' | 'failures' | 'latencyMs' | 'latencyMsSquared'): number =>
        all.reduce((total, day) => total + day[of], 0)
      const together = { requests: sum('requests'), failures: sum('failures') }
      return new Map([
        [0, { ...together, latencyMs: sum('latencyMs'), latencyMsSquared: sum('latencyMsSquared') }],
      ])
    }
    const arms = onSameDays({
      champion: { traffic: pooled(champion), figures: {} },
      challenger: { traffic: pooled(challenger), figures: {} },
    })
    expect(guardrailFault(arms.champion, arms.challenger)).toMatch(/^failures/)
  })

  it('are told apart where the challenger is worse on days that were easy for both', () => {
    const champion = [{ requests: 2_000, truth: 0.9 }, { requests: 2_000 }]
    expect(
      faultOf(champion, [
        { requests: 100, truth: 0.9 },
        { requests: 2_000, truth: 0.5 },
      ]),
    ).toMatch(/of buysWithin7Days/)
  })

  it('hold a challenger that answers everybody against what the champion did before', () => {
    const champion = [{ requests: 4_000 }, { requests: 0 }]
    expect(faultOf(champion, [{ requests: 200 }, { requests: 4_000, failureRate: 0.1 }])).toMatch(/^failures/)
    // Of outcomes of a day on which it answered nobody nothing can be said.
    expect(faultOf(champion, [{ requests: 200 }, { requests: 4_000, truth: 0.9 }])).toBe(undefined)
  })

  it('are as they were where both have the same share each day', () => {
    const days = [{ requests: 1_000 }, { requests: 3_000, failureRate: 0.01 }]
    const arm = armOf(createRandom(2), days)
    const { champion, challenger } = onSameDays({ champion: arm, challenger: arm })
    expect(champion.requests).toBeCloseTo(challenger.requests, 6)
    expect(champion.failures).toBeCloseTo(challenger.failures, 6)
    expect(champion.figures).toEqual(challenger.figures)
  })
})
