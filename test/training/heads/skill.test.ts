import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import type { Random } from '../../../features/random.ts'
import type { AmountHead, Head, ProbabilityHead } from '../../../features/heads/head.ts'
import { absent, total } from '../../../features/project.ts'
import { isSkilled, skillOf } from '../../../training/heads/skill.ts'
import { trainingKindOf } from '../../../training/heads/kinds.ts'

const week = { withinDays: 7 }
const yes: ProbabilityHead = {
  kind: 'probability',
  task: 'leaves',
  declaration: absent(week),
  basis: 'model',
  prior: [0.8, 0.2],
  newcomerPrior: [0.8, 0.2],
  classes: ['no', 'yes'],
  temperature: 1,
  bias: [0, 0],
}
const spend: AmountHead = {
  kind: 'amount',
  task: 'spend',
  declaration: total('purchase', week),
  basis: 'model',
  prior: [10],
  newcomerPrior: [10],
  link: 'softplus',
  scale: 10,
  factor: 1,
}

interface World {
  readonly users: number
  readonly examplesOfUser: number
  /** How much of what the model says is so: its spread in log odds, or in logs of amounts. */
  readonly signal: number
  /** What it says beside, which is nothing. */
  readonly noise: number
}

const WORLDS = 60

/** A model's answers on validation, calibrated as training does it; what came is the luck of each user. */
function isModelUsed(head: Head, world: World, random: Random): boolean {
  const rows = Array.from({ length: world.users }, (_, user) => {
    const known = world.signal * random.normal()
    const luck = random.next()
    return Array.from({ length: world.examplesOfUser }, () => ({
      userId: `user-${user}`,
      ...(head.kind === 'amount' ? amountRow(known) : classRow(known, luck)),
    }))
  }).flat()
  const outputs = Float32Array.from(rows.flatMap((row) => row.output))
  const known = {
    targets: Float32Array.from(rows, ({ target }) => target),
    userIds: rows.map(({ userId }) => userId),
    atMs: new Float64Array(rows.length),
    isFirst: rows.map(() => false),
  }
  return isSkilled(skillOf(trainingKindOf(head).calibrate(head, { outputs, known }), { outputs, known }))

  function classRow(signal: number, luck: number): { target: number; output: number[] } {
    const logit = Math.log(0.25) + signal
    const probability = 1 / (1 + Math.exp(-logit))
    return { target: luck < probability ? 1 : 0, output: [0, logit + world.noise * random.normal()] }
  }

  function amountRow(signal: number): { target: number; output: number[] } {
    const mean = Math.exp(signal - world.signal ** 2 / 2)
    const said = mean * Math.exp(world.noise * random.normal() - world.noise ** 2 / 2)
    return { target: -10 * mean * Math.log(1 - random.next()), output: [Math.log(Math.expm1(said))] }
  }
}

/** In what share of the worlds the model is used, in percent. */
function percentUsed(head: Head, world: World): number {
  const random = createRandom(9)
  const worlds = Array.from({ length: WORLDS }, () => isModelUsed(head, world, random))
  return (100 * worlds.filter(Boolean).length) / WORLDS
}

describe.each([yes, spend])('the skill of a head of kind $kind', (head) => {
  it.each([
    { users: 100, examplesOfUser: 1 },
    { users: 1_000, examplesOfUser: 1 },
    { users: 60, examplesOfUser: 20 },
  ])('is seldom found where there is none, in $users users with $examplesOfUser examples', (size) => {
    expect(percentUsed(head, { ...size, signal: 0, noise: 0.1 })).toBeLessThanOrEqual(15)
    expect(percentUsed(head, { ...size, signal: 0, noise: 1 })).toBeLessThanOrEqual(15)
  })

  it.each([
    { users: 100, examplesOfUser: 1, signal: 1.5 },
    { users: 1_000, examplesOfUser: 1, signal: 0.5 },
    { users: 150, examplesOfUser: 10, signal: 1 },
  ])('is found where there is some: spread $signal in $users users', (size) => {
    expect(percentUsed(head, { ...size, noise: 0.2 })).toBeGreaterThanOrEqual(90)
  })

  it('must be plainer where few users of a log had the rarer outcome, for all of whom there are moments', () => {
    const [few, many] = [17, 60].map((users) => {
      const rows = Array.from({ length: 2_000 }, (_, row) => ({ user: row % 200, isRare: row % 200 < users }))
      const known = {
        targets: Float32Array.from(rows, ({ isRare }) => (isRare ? 1 : 0)),
        userIds: rows.map(({ user }) => `user-${user}`),
        isFirst: rows.map(() => false),
      }
      const outputs = new Float32Array(rows.length * head.prior.length)
      const needed = (atMs: Float64Array) => skillOf(head, { outputs, known: { ...known, atMs } }).needed
      return needed(Float64Array.from(rows.keys())) / needed(new Float64Array(rows.length))
    })
    expect(few).toBeGreaterThan(1.5)
    expect(many).toBeLessThan(1.2)
  })

  it('is not found where there are no examples, or the answers are no numbers', () => {
    const none = { targets: new Float32Array(0), userIds: [], atMs: new Float64Array(0), isFirst: [] }
    expect(isSkilled(skillOf(head, { outputs: new Float32Array(0), known: none }))).toBe(false)
    const one = { targets: Float32Array.of(1), userIds: ['a'], atMs: new Float64Array(1), isFirst: [false] }
    const outputs = new Float32Array(head.prior.length).fill(Number.NaN)
    expect(isSkilled(skillOf(head, { outputs, known: one }))).toBe(false)
  })
})
