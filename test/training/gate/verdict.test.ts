import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import { headline } from '../../../training/gate/describe-verdict.ts'
import type { PairedTask } from '../../../training/gate/paired-losses.ts'
import { judge } from '../../../training/gate/verdict.ts'
import type { JudgeRequest } from '../../../training/gate/verdict.ts'

interface Losses {
  readonly users?: number
  /** By how much the challenger's loss is lower, of a champion's loss of about 1. */
  readonly gain: (user: number) => number
  readonly noise?: number
}

const MOMENTS = 4

function pair(task: string, { users = 2_000, gain, noise = 0.05 }: Losses): PairedTask {
  const random = createRandom(1).fork(task)
  const rows = Array.from({ length: users * MOMENTS }, (_, row) => row)
  const champion = Float64Array.from(rows, () => 0.5 + random.next())
  return {
    task,
    rows,
    userIds: rows.map((row) => String(Math.floor(row / MOMENTS))),
    champion,
    challenger: champion.map((loss, row) => loss - gain(Math.floor(row / MOMENTS)) + noise * random.normal()),
    isAnsweredByChampion: true,
  }
}

const judged = (paired: readonly PairedTask[], overrides: Partial<JudgeRequest> = {}) =>
  judge({
    claim: 'better',
    paired,
    slices: [],
    calibration: { champion: {}, challenger: {} },
    random: createRandom(5),
    ...overrides,
  })

const better = pair('better', { gain: () => 0.02 })

describe('judge', () => {
  it('promotes a challenger whose gain lies above the margin, and gives the same verdict for the same seed', () => {
    const verdict = judged([better])
    expect(verdict).toMatchObject({ outcome: 'promote', obstacles: [], users: 2_000, moments: 8_000 })
    expect(verdict.gain?.mean).toBeCloseTo(0.02, 2)
    expect(judged([better])).toEqual(verdict)
  })

  it('keeps the champion where a challenger is as good, but lets one pass that knows later moments', () => {
    const same = pair('same', { gain: () => 0, noise: 0.01 })
    expect(judged([same]).outcome).toBe('keep')
    expect(judged([same], { claim: 'no_worse' }).outcome).toBe('promote')
    const worse = pair('worse', { gain: () => -0.02 })
    expect(judged([worse], { claim: 'no_worse' }).outcome).toBe('keep')
  })

  it('is kept from promoting by one task that is clearly worse, whatever the others gain', () => {
    const verdict = judged([pair('much better', { gain: () => 0.1 }), pair('worse', { gain: () => -0.02 })])
    expect(verdict.gain?.low).toBeGreaterThan(0.02)
    expect(verdict.outcome).toBe('keep')
    expect(verdict.obstacles).toMatchObject([{ code: 'task_worse', worse: { task: 'worse' } }])
  })

  it('is kept from promoting by users for whom it is worse, and names them', () => {
    const harmed = pair('buys', { gain: (user) => (user % 8 === 0 ? -0.05 : 0.05) })
    const places = harmed.rows.filter((row) => Math.floor(row / MOMENTS) % 8 === 0)
    const slices = [{ task: 'buys', slice: 'user.plan = paid', places }]
    const verdict = judged([harmed], { slices })
    expect(verdict.outcome).toBe('keep')
    expect(verdict.obstacles).toMatchObject([
      { code: 'slice_worse', worse: { slice: 'user.plan = paid', users: 250 } },
    ])
    expect(judged([harmed]).outcome).toBe('promote')
  })

  it('lets what knows later moments pass where a slice is worse by no more than another seed moves it', () => {
    const outcomeOf = (loss: number): string => {
      const harmed = pair('buys', { gain: (user) => (user % 8 === 0 ? -loss : 0.02) })
      const places = harmed.rows.filter((row) => Math.floor(row / MOMENTS) % 8 === 0)
      const slices = [{ task: 'buys', slice: 'user.plan = paid', places }]
      return judged([harmed], { slices, claim: 'no_worse' }).outcome
    }
    expect([outcomeOf(0.04), outcomeOf(0.1)]).toEqual(['promote', 'keep'])
  })

  it('is kept from promoting by bad calibration beyond the champion and beyond chance', () => {
    const of = (cost: number, its = 0) =>
      judged([better], {
        calibration: {
          champion: { better: { cost: its, byChance: 0.001 } },
          challenger: { better: { cost, byChance: 0.001 } },
        },
      })
    expect(of(0.03).obstacles).toMatchObject([{ code: 'calibration', task: 'better' }])
    expect(of(0.01).outcome).toBe('promote')
    expect(of(0.03, 0.025).outcome).toBe('promote')
  })

  it('refuses to tell on too few moments, and says how many users more it takes', () => {
    const few = judged([pair('few', { users: 60, gain: () => 0.02 })])
    expect(few).toMatchObject({ outcome: 'too_few', usersMore: 40, tooFew: [{ task: 'few', users: 60 }] })
    expect(headline(few)).toMatch(/^too few users to tell: no task could be compared; .* 40 more users/)
    const noisy = { gain: () => 0.005, noise: 0.3 }
    const vague = judged([pair('vague', { users: 500, ...noisy })])
    expect(vague.outcome).toBe('too_few')
    // So many suffice: then the interval is as narrow as it must be.
    const enough = judged([pair('vague', { users: 1.3 * (500 + vague.usersMore), ...noisy })])
    expect(enough.outcome).toBe('keep')
    expect(headline(vague)).toMatch(/^too few moments to tell: 2000 of 500 users.* about \d+ more users/)
  })

  it('leaves tasks out of which too few users are known, and says so', () => {
    const verdict = judged([better, pair('rare', { users: 50, gain: () => -1 })])
    expect(verdict).toMatchObject({ outcome: 'promote', tooFew: [{ task: 'rare', users: 50 }] })
  })

  it('records why it was forced, beside what stood against it', () => {
    const forced = judged([pair('worse', { gain: () => -0.02 })], { force: 'the old one is broken' })
    expect(forced).toMatchObject({ outcome: 'promote', forced: 'the old one is broken' })
    expect(forced.obstacles).not.toEqual([])
    expect(headline(forced)).toMatch(/^promote, forced: the old one is broken/)
    expect(judged([better], { force: 'not needed' })).not.toHaveProperty('forced')
  })
})
