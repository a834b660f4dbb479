import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../features/project.ts'
import { createRandom } from '../../features/random.ts'
import { drawNext } from '../../simulation/draw-next.ts'
import { createLaw } from '../../simulation/law.ts'
import { exponential, rowTimes, solveRow } from '../../simulation/matrix.ts'
import { shopSimulator } from '../../simulation/shop.ts'
import { endOfSilence } from '../../simulation/silence.ts'
import { createTurns } from '../../simulation/turns.ts'
import { createWalk } from '../../simulation/walk.ts'
import type { Walk } from '../../simulation/walk.ts'
import { END_MS } from './build-simulation.ts'

const DAYS = 100
const law = createLaw({
  simulator: shopSimulator,
  seed: 1,
  days: DAYS,
  endMs: END_MS,
  world: { behaviourDrift: true },
})
const types = Object.keys(shopSimulator.project.events)

interface Situation {
  readonly plan: string
  readonly type: string
  readonly silenceDays: number
  readonly withinDays: number
}

const anySituation = fc.record({
  plan: fc.constantFrom('free', 'plus', 'premium'),
  type: fc.constantFrom(...types),
  silenceDays: fc.double({ min: 0, max: 40, noNaN: true }),
  withinDays: fc.double({ min: 1e-6, max: 400, noNaN: true }),
})

/** Somebody with one event, twenty days before behaviour drifts, and silent ever since. */
function walkOf({ plan, type, silenceDays }: Situation): Walk {
  const atMs = law.driftMs - 20 * DAY_MS
  const walk = createWalk(law, { attributes: { plan, country: 'FR', age: 30 }, atMs })
  walk.follow({ id: 'e1', type, userId: 'u1', occurredAt: atMs, receivedAt: atMs })
  walk.wait(Math.round(atMs + silenceDays * DAY_MS))
  return walk
}

describe('endOfSilence', () => {
  it('leaves nothing out: silence and the types that may end it sum to 1', () => {
    fc.assert(
      fc.property(anySituation, (situation) => {
        const end = endOfSilence(law, walkOf(situation), situation.withinDays * DAY_MS)
        expect(end.silence + end.types.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 10)
        expect(Math.min(end.silence, ...end.types)).toBeGreaterThanOrEqual(-1e-12)
      }),
    )
  })

  it.each([
    { plan: 'free', type: 'purchase', silenceDays: 0.01, withinDays: 30 },
    { plan: 'premium', type: 'view', silenceDays: 10, withinDays: 60 },
    { plan: 'plus', type: 'cart', silenceDays: 30, withinDays: 90 },
  ])('is what drawn futures come to: $plan, $type, after $silenceDays days', (situation) => {
    const walk = walkOf(situation)
    const withinMs = situation.withinDays * DAY_MS
    const end = endOfSilence(law, walk, withinMs)
    const random = createRandom(1)
    const counts: Record<string, number> = {}
    const rewind = walk.mark()
    const runs = 8_000
    const untilMs = walk.nowMs + withinMs
    for (let run = 0; run < runs; run += 1) {
      const turns = createTurns(law, { walk, randomOf: () => random })
      const next = drawNext({ walk, turns, types, random, untilMs })?.type ?? 'none'
      counts[next] = (counts[next] ?? 0) + 1
      rewind()
    }
    for (const [index, outcome] of [...types, 'none'].entries()) {
      const chance = end.types[index] ?? end.silence
      const error = Math.sqrt((chance * (1 - chance)) / runs)
      expect(Math.abs((counts[outcome] ?? 0) / runs - chance), outcome).toBeLessThan(4 * error)
    }
  })
})

describe('the algebra of small chains', () => {
  const anyLoss = fc
    .array(fc.array(fc.double({ min: 0, max: 5, noNaN: true }), { minLength: 3, maxLength: 3 }), {
      minLength: 3,
      maxLength: 3,
    })
    .map((flows) =>
      // Leaves each state at some rate of its own too.
      flows.map((row, i) =>
        row.map((value, j) => (i === j ? 0.1 + row.reduce((sum, rate) => sum + rate, 0) : -value)),
      ),
    )
  const row = [0.2, 0.5, 0.3]

  it('grows exponentials by steps as by one stride', () => {
    fc.assert(
      fc.property(anyLoss, (loss) => {
        const step = exponential(loss.map((values) => values.map((value) => -value / 2)))
        const stride = exponential(loss.map((values) => values.map((value) => -value)))
        for (const [index, value] of rowTimes(rowTimes(row, step), step).entries()) {
          expect(value).toBeCloseTo(rowTimes(row, stride)[index] ?? Number.NaN, 12)
        }
      }),
    )
  })

  it('solves what it multiplies', () => {
    fc.assert(
      fc.property(anyLoss, (loss) => {
        for (const [index, value] of rowTimes(solveRow(loss, row), loss).entries()) {
          expect(value).toBeCloseTo(row[index] ?? Number.NaN, 9)
        }
      }),
    )
  })
})
