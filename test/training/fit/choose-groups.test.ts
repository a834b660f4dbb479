import { describe, expect, it } from 'vitest'
import { createBestChecks } from '../../../training/fit/best-checks.ts'
import type { KeptCheck } from '../../../training/fit/best-checks.ts'
import { chooseGroups } from '../../../training/fit/choose-groups.ts'
import { batchSizeFor, trainingDefaults } from '../../../training/fit/settings.ts'

const tasks = ['a', 'b', 'c']

function keptCheck(steps: number, losses: KeptCheck['losses']): KeptCheck {
  return { steps, epochs: steps / 10, losses, parameters: new Map() }
}

function chosenFrom(kept: readonly KeptCheck[]): [string[], number][] {
  const groups = chooseGroups(kept, { tasks, ownShare: 0.003 })
  return groups.map(({ tasks: own, epochs }) => [[...own], 10 * epochs])
}

describe('chooseGroups', () => {
  it('answers all tasks with what is best for all together, where others gain but a hair', () => {
    const common = keptCheck(20, { a: 0.5, b: 0.6, c: 0.7 })
    const other = keptCheck(30, { a: 0.499, b: 0.65, c: 0.8 })
    expect(chosenFrom([other, common])).toEqual([[['a', 'b', 'c'], 20]])
  })

  it('gives a task parameters of its own where it is clearly better off, in the order of training', () => {
    const common = keptCheck(20, { a: 0.5, b: 0.6, c: 0.7 })
    const early = keptCheck(10, { a: 0.9, b: 0.9, c: 0.65 })
    expect(chosenFrom([common, early])).toEqual([
      [['c'], 10],
      [['a', 'b'], 20],
    ])
  })

  it('lets tasks share what is good for several rather than each have its own', () => {
    const common = keptCheck(20, { a: 0.5, b: 0.6, c: 0.7 })
    const shared = keptCheck(40, { a: 0.4, b: 0.5, c: 0.95 })
    const alone = keptCheck(50, { a: 0.3995, b: 0.55, c: 0.99 })
    expect(chosenFrom([common, shared, alone])).toEqual([
      [['c'], 20],
      [['a', 'b'], 40],
    ])
  })

  it('does not call a share of next to nothing a gain', () => {
    const common = keptCheck(20, { a: 0.001, b: 0.001, c: 0.5 })
    const other = keptCheck(40, { a: 0.0008, b: 0.0009, c: 0.6 })
    expect(chosenFrom([common, other])).toEqual([[['a', 'b', 'c'], 20]])
  })

  it('puts tasks that were not judged with what is best for the others', () => {
    expect(chosenFrom([keptCheck(0, { a: 1 }), keptCheck(20, { a: 0.5 })])).toEqual([[['a', 'b', 'c'], 20]])
  })
})

describe('createBestChecks', () => {
  const check = (steps: number, a: number, b: number) => ({ steps, epochs: steps, losses: { a, b } })

  it('keeps the best for all together and for each, and copies parameters of these alone', () => {
    const best = createBestChecks(['a', 'b'], { betterShare: 0.002 })
    let copies = 0
    const snapshot = (): KeptCheck['parameters'] => {
      copies += 1
      return new Map()
    }
    best.consider(check(0, 1, 1), snapshot)
    best.consider(check(10, 0.5, 0.9), snapshot)
    best.consider(check(20, 0.6, 0.7), snapshot)
    best.consider(check(30, 0.8, 0.6), snapshot)
    best.consider(check(40, 0.9, 0.9), snapshot)
    expect(best.kept().map(({ steps }) => steps)).toEqual([20, 10, 30])
    expect(copies).toBe(4)
  })

  it('calls better what adds up to more than a hair, not each hair', () => {
    const best = createBestChecks(['a', 'b'], { betterShare: 0.002 })
    for (let step = 0; step <= 4; step += 1)
      best.consider(check(step, 0.9 - 0.0007 * step, 0.9), () => new Map())
    // 0.0018 of 0.9 is more than a hair: three steps of 0.0007 make it.
    expect(best.betterAtSteps()).toBe(3)
  })
})

describe('batchSizeFor', () => {
  it('gives few examples steps enough an epoch, and many the full batch', () => {
    expect([100, 600, 2_400, 6_144, 100_000].map((count) => batchSizeFor(count, trainingDefaults))).toEqual([
      32, 32, 100, 256, 256,
    ])
  })
})
