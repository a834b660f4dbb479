import { describe, expect, it } from 'vitest'
import { hashText } from '../../../features/hash.ts'
import { createRandom } from '../../../features/random.ts'
import type { Settings } from '../../../training/models/family.ts'
import { byFactors, oneOf } from '../../../training/models/search-space.ts'
import type { Judged } from '../../../training/tune/judge-trial.ts'
import { tune } from '../../../training/tune/tune.ts'
import type { TrialRecord } from '../../../training/tune/tune.ts'
import type { Verdict } from '../../../training/tune/verdict.ts'

const COUNT = 400
const userIds = Array.from({ length: COUNT }, (_, row) => `user-${row}`)

/** Losses of examples about a mean that has its least where the rate is 10. */
function judgedAt(settings: Settings, { depth, noise }: World): Judged {
  const rate = Number(settings['rate'])
  if (rate > 90) return { cause: 'diverged' }
  const random = createRandom(hashText(`${rate}`))
  const mean = 1 + depth * Math.abs(Math.log10(rate) - 1)
  const rows = Float64Array.from(userIds, () => mean + noise * random.normal())
  const loss = rows.reduce((sum, row) => sum + row, 0) / COUNT
  return { loss, losses: { task: loss }, rows }
}

interface World {
  readonly depth: number
  readonly noise: number
}

interface Run extends World {
  readonly rates?: readonly number[]
  readonly known?: readonly TrialRecord[]
  readonly trialsMax: number
}

async function run({ known = [], trialsMax, rates, ...world }: Run) {
  const journal: TrialRecord[] = [...known]
  let asked = known.length
  const verdict = await tune({
    own: { rate: 1, rounds: 5 },
    space: { rate: rates === undefined ? byFactors({ from: 1, to: 100 }) : oneOf(rates) },
    seed: 3,
    shares: [1 / 3, 1],
    userIds,
    known,
    judge: ({ settings }) => {
      asked += 1
      return Promise.resolve(asked > trialsMax ? undefined : judgedAt(settings, world))
    },
    record: (found) => void journal.push(found),
  })
  return {
    verdict,
    journal: journal
      .toSorted((a, b) => a.trial - b.trial || a.share - b.share)
      .map((line) => JSON.parse(JSON.stringify(line)) as TrialRecord),
  }
}

function settingsOf(verdict: Verdict | undefined): Settings | undefined {
  return verdict?.best.settings
}

describe('tune', () => {
  it('comes to the same journal and the same best, wherever it was interrupted', async () => {
    const rates = Array.from({ length: 30 }, (_, step) => 10 ** (step / 15))
    const world = { depth: 0.5, noise: 0.2, rates, trialsMax: Infinity }
    const whole = await run(world)
    expect(whole.journal.length).toBeGreaterThan(30)
    for (const cut of [0, 1, 2, 7, 19, 25, 30]) {
      const { journal: known } = await run({ ...world, trialsMax: cut })
      expect(known).toHaveLength(cut)
      expect(await run({ ...world, known })).toEqual(whole)
    }
  })

  it('finds settings that are better, and says by how much', async () => {
    const { verdict } = await run({ depth: 0.5, noise: 0.2, trialsMax: 30 })
    expect(verdict).toMatchObject({ isBetter: true, own: { trial: 0, gain: 0 } })
    expect(Number(settingsOf(verdict)?.['rate'])).toBeGreaterThan(5)
    expect(Number(settingsOf(verdict)?.['rate'])).toBeLessThan(20)
    expect(verdict?.best.gain).toBeCloseTo((verdict?.own?.loss ?? 0) - (verdict?.best.loss ?? 0), 10)
    expect(verdict?.best.standardError).toBeCloseTo((0.2 * Math.SQRT2) / Math.sqrt(COUNT), 2)
  })

  it('takes what chance gives the best of many for no gain', async () => {
    const { verdict } = await run({ depth: 0, noise: 1, trialsMax: 60 })
    expect(verdict?.best.trial).toBeGreaterThan(0)
    expect(verdict?.best.gain).toBeGreaterThan(0)
    expect(verdict?.isBetter).toBe(false)
  })

  it('finds one of twenty searches among equals better at the most, those that fell out early counted in', async () => {
    const searches = 300
    let better = 0
    for (let world = 0; world < searches; world += 1) {
      const verdict = await tune({
        own: { rate: 1 },
        space: { rate: byFactors({ from: 1, to: 100 }) },
        seed: 3,
        shares: [1 / 9, 1 / 3, 1],
        cyclesMax: 1,
        userIds,
        known: [],
        // What is good on few examples is so on all: both are told by the same validation.
        judge({ index }) {
          const random = createRandom(world).fork(`trial ${index}`)
          const rows = Float64Array.from(userIds, () => random.normal())
          const loss = rows.reduce((sum, row) => sum + row, 0) / COUNT
          return Promise.resolve({ loss, losses: {}, rows })
        },
        record: () => {},
      })
      if (verdict?.isBetter === true) better += 1
    }
    expect(better / searches).toBeLessThan(0.06)
  })

  it('keeps what the project had where nothing else was done in time', async () => {
    const { verdict } = await run({ depth: 0.5, noise: 0.2, trialsMax: 1 })
    expect(verdict).toMatchObject({ isBetter: false, contenders: 0, best: { trial: 0 } })
    expect((await run({ depth: 0.5, noise: 0.2, trialsMax: 0 })).verdict).toBeUndefined()
  })
})
