import { describe, expect, it } from 'vitest'
import { occurs } from '../../../features/project.ts'
import type { ProbabilityHead } from '../../../features/heads/head.ts'
import { createRandom } from '../../../features/random.ts'
import { judgeSlices } from '../../../training/quality/judge-slices.ts'
import type { SliceCard } from '../../../training/quality/judge-slices.ts'

const head: ProbabilityHead = {
  kind: 'probability',
  task: 'buys',
  declaration: occurs('buy', { withinDays: 7 }),
  basis: 'model',
  prior: [0.7, 0.3],
  newcomerPrior: [0.7, 0.3],
  classes: ['no', 'yes'],
  temperature: 1,
  bias: [0, 0],
}

const COUNTRIES = 20

interface WorldOptions {
  readonly seed: number
  readonly users?: number
  /** What comes of what is told, in a country. */
  readonly truth?: (told: number, country: number) => number
  readonly basis?: 'model' | 'prior'
}

/** Users of three moments, in twenty countries. */
function judged({ seed, users = 4_000, truth = (p) => p, basis = 'model' }: WorldOptions): SliceCard[] {
  const random = createRandom(seed)
  const rows = Array.from({ length: users }, (_, user) => {
    const country = random.integer(COUNTRIES)
    return Array.from({ length: 3 }, () => {
      const p = random.next() < 0.25 ? 0.75 : 0.15
      return { userId: `user-${user}`, country, p, came: random.next() < truth(p, country) }
    })
  }).flat()
  const known = {
    targets: Float32Array.from(rows, ({ came }) => (came ? 1 : 0)),
    userIds: rows.map(({ userId }) => userId),
    atMs: new Float64Array(rows.length),
    isFirst: rows.map(() => false),
  }
  return judgeSlices({
    head: { ...head, basis },
    judged: { numbers: Float64Array.from(rows.flatMap(({ p }) => [1 - p, p])), known },
    ofPrior: { numbers: Float64Array.from(rows.flatMap(() => head.prior)), known },
    rows: [...rows.keys()],
    slices: [
      { name: 'all', has: () => true },
      { name: 'a few', has: (row) => row < 150 },
      { name: 'nearly nobody', has: (row) => row < 15 },
      ...Array.from({ length: COUNTRIES }, (_, country) => ({
        name: `country ${country}`,
        has: (row: number) => rows[row]?.country === country,
      })),
    ],
  })
}

const marked = (slices: readonly SliceCard[]): string[] =>
  slices.flatMap(({ name, marks }) =>
    marks.filter((mark) => mark !== 'small').map((mark) => `${name}: ${mark}`),
  )

describe('judgeSlices', () => {
  it('marks hardly any slice where all are alike, though twenty are looked at three ways', () => {
    const worlds = Array.from({ length: 40 }, (_, seed) => marked(judged({ seed, users: 2_500 })))
    expect(worlds.filter((marks) => marks.length > 0).length).toBeLessThanOrEqual(6)
  })

  it('finds the country in which the model knows nothing', () => {
    const slices = judged({ seed: 1, truth: (p, country) => (country === 3 ? 0.3 : p) })
    expect(marked(slices)).toEqual(['country 3: worth_less'])
    const [own, other] = [3, 4].map((country) => slices.find(({ name }) => name === `country ${country}`))
    expect(own?.gain).toBeLessThan((other?.gain ?? 0) - 0.1)
    expect(own?.order).toBeLessThan(0.6)
    expect(other?.order).toBeGreaterThan(0.7)
  })

  it('finds where too much and where too little is told', () => {
    const truth = (p: number, country: number): number =>
      country === 3 ? p / 2 : country === 5 ? Math.min(1, 1.4 * p + 0.1) : p
    const marks = marked(judged({ seed: 2, truth }))
    expect(marks).toContain('country 3: told_too_much')
    expect(marks).toContain('country 5: told_too_little')
  })

  it('tells of few users that they are few, and of very few nothing; all are no slice', () => {
    const slices = judged({ seed: 3, truth: (p) => 1 - p })
    expect(slices.find(({ name }) => name === 'a few')).toMatchObject({ users: 50, marks: ['small'] })
    expect(slices.map(({ name }) => name)).not.toContain('nearly nobody')
    expect(slices.map(({ name }) => name)).not.toContain('all')
  })

  it('tests nothing where the prior answers', () => {
    expect(marked(judged({ seed: 4, basis: 'prior', truth: (_, country) => country / 20 }))).toEqual([])
  })
})
