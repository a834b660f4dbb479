import { describe, expect, it } from 'vitest'
import { guardrailFault } from '../../../features/statistics/guardrail.ts'
import type { ArmFigures } from '../../../features/statistics/guardrail.ts'
import { addSettled, noFigures } from '../../../features/live-figures.ts'
import type { Figures } from '../../../features/live-figures.ts'
import { createRandom } from '../../../features/random.ts'
import type { Random } from '../../../features/random.ts'
import { shopHeads } from '../../functions/shop.ts'

const [found] = shopHeads
if (found === undefined) throw new Error('No head')
const shopHead = found

interface World {
  readonly failureRate?: number
  readonly latencyMs?: number
  /** What is answered where the truth is p. */
  readonly answer?: (p: number) => number
  /** How often each user asks, with the same answer and the same end. */
  readonly repeats?: number
}

/** So many more requests of an arm. */
function more(arm: ArmFigures, random: Random, count: number, world: World): ArmFigures {
  const { failureRate = 0.002, latencyMs = 20, answer = (p) => p, repeats = 1 } = world
  let { requests, failures, latencyMs: sum, latencyMsSquared: squares } = arm
  let figures: Figures = arm.figures['buysWithin7Days'] ?? noFigures(shopHead)
  for (let index = 0; index < count; index += 1) {
    requests += 1
    failures += random.next() < failureRate ? 1 : 0
    const took = latencyMs * random.exponential(1)
    sum += took
    squares += took ** 2
    const truth = 0.1 + 0.5 * random.next()
    const said = Math.min(0.99, Math.max(0.01, answer(truth)))
    const target = random.next() < truth ? 1 : 0
    for (let time = 0; time < repeats; time += 1) {
      const settled = { userId: `${requests}`, numbers: [1 - said, said], target, propensity: 1 }
      figures = addSettled(figures, shopHead, settled)
    }
  }
  return {
    requests,
    failures,
    latencyMs: sum,
    latencyMsSquared: squares,
    figures: { buysWithin7Days: figures },
  }
}

const nothing: ArmFigures = { requests: 0, failures: 0, latencyMs: 0, latencyMsSquared: 0, figures: {} }

/** The fault of the first look at which there is one, of so many looks at 5 % of the requests. */
function trial(seed: number, world: World, looks = 30): { fault: string | undefined; requests: number } {
  const random = createRandom(seed)
  let [champion, challenger] = [nothing, nothing]
  for (let look = 0; look < looks; look += 1) {
    champion = more(champion, random, 190, { repeats: world.repeats ?? 1 })
    challenger = more(challenger, random, 20, world)
    const fault = guardrailFault(champion, challenger)
    if (fault !== undefined) return { fault, requests: challenger.requests }
  }
  return { fault: undefined, requests: challenger.requests }
}

describe('the guardrail', () => {
  it('lets challengers go on that are as good, at every look, but one in twenty at most', () => {
    const faults = Array.from({ length: 40 }, (_, seed) => trial(seed, {}).fault).filter(Boolean)
    expect(faults.length).toBeLessThanOrEqual(2)
  })

  it('lets them go on where each user asks ten times, which tells no more than once', () => {
    const faults = Array.from({ length: 20 }, (_, seed) => trial(seed, { repeats: 10 }, 15).fault)
    expect(faults.filter(Boolean).length).toBeLessThanOrEqual(1)
  })

  it('rings soon where a challenger fails, and says by how much', () => {
    const { fault, requests } = trial(1, { failureRate: 1 })
    expect(fault).toMatch(/^failures: worse by .* % \(.* % to .* % at any look\), 0\.50 % is borne$/)
    expect(requests).toBeLessThanOrEqual(200)
  })

  it('rings where a challenger takes twice as long', () => {
    expect(trial(2, { latencyMs: 40 }).fault).toMatch(/^latency: worse by/)
  })

  it('rings where a challenger answers the contrary', () => {
    expect(trial(3, { answer: (p) => 1 - p }).fault).toMatch(/^(loss|calibration) of buysWithin7Days/)
  })

  it('leaves a challenger that is off by as much as the champion, where the world has moved away from both', () => {
    const moved = { answer: (p: number) => p + 0.2 }
    const [champion, challenger] = [5, 6].map((seed) => more(nothing, createRandom(seed), 20_000, moved))
    if (champion === undefined || challenger === undefined) throw new Error('No arms')
    expect(guardrailFault(champion, challenger)).toBe(undefined)
    const sound = more(nothing, createRandom(7), 20_000, {})
    expect(guardrailFault({ ...sound, figures: {} }, challenger)).toMatch(/^calibration of buysWithin7Days/)
    expect(guardrailFault(sound, challenger)).toMatch(/^(loss|calibration) of buysWithin7Days/)
  })

  it('says nothing while nothing is known', () => {
    expect(guardrailFault(nothing, nothing)).toBe(undefined)
    expect(guardrailFault(more(nothing, createRandom(1), 500, {}), nothing)).toBe(undefined)
  })
})
