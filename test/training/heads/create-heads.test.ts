import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { probabilitiesOf } from '../../../features/calibration.ts'
import { amountOf } from '../../../features/decode.ts'
import type { Head } from '../../../features/manifest.ts'
import { defineProject, label, nextEvent, occurs, total } from '../../../features/project.ts'
import type { Project, Task } from '../../../features/project.ts'
import { EXAMPLES_NEEDED, classWeights, createHeads } from '../../../training/examples/heads.ts'
import type { TooFew } from '../../../training/examples/heads.ts'
import type { ExampleSet } from '../../../training/examples/example-set.ts'

const week = { withinDays: 7 }

function projectOf(task: Task): Project {
  if (task.kind === 'label') return defineProject({ name: 'asked', tasks: { asked: task } })
  const events = { view: {}, cart: {}, purchase: { value: true } }
  return defineProject({ name: 'asked', events, tasks: { asked: task as Task<keyof typeof events> } })
}

function buildExamples(targets: readonly number[]): ExampleSet {
  return {
    count: targets.length,
    inputs: {},
    targets: { asked: Float32Array.from(targets) },
    userIds: targets.map(() => 'u1'),
    atMs: new Float64Array(targets.length),
  }
}

/** Targets of each class in these numbers. */
function targetsOf(...counts: readonly number[]): number[] {
  return counts.flatMap((count, index) => Array.from({ length: count }, () => index))
}

function headOf(task: Task, targets: readonly number[]): Head {
  const heads = createHeads(projectOf(task), buildExamples(targets))
  const [head] = heads.ok ? heads.value : []
  if (head === undefined) throw new Error(`Expected a head, got ${JSON.stringify(heads)}`)
  return head
}

function refusalOf(
  task: Task,
  targets: readonly number[],
): Omit<TooFew, 'kind' | 'task' | 'needed'> | undefined {
  const heads = createHeads(projectOf(task), buildExamples(targets))
  if (heads.ok) return undefined
  if (heads.reason.kind !== 'tooFew') throw new Error(`Expected tooFew, got ${heads.reason.kind}`)
  const { kind: _, task: name, needed, ...counts } = heads.reason
  expect([name, needed]).toEqual(['asked', EXAMPLES_NEEDED])
  return counts
}

const threeKinds = label(['a', 'b', 'c'])

describe('createHeads', () => {
  it('gives a model that learned nothing the shares of the classes, whatever their weights', () => {
    const anyCounts = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: EXAMPLES_NEEDED, max: 3_000 })))
    fc.assert(
      fc.property(anyCounts, (counts) => {
        const head = headOf(threeKinds, targetsOf(...counts))
        expect(head.prior.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12)
        // A weighted loss is least where each class gets its share times its weight.
        const logits = classWeights(head).map((weight, index) =>
          Math.log(weight * (head.prior[index] ?? NaN)),
        )
        for (const [index, probability] of probabilitiesOf(logits, head).entries()) {
          expect(probability).toBeCloseTo(head.prior[index] ?? NaN, 12)
          expect(probability).toBeCloseTo((counts[index] ?? NaN) / counts.reduce((sum, n) => sum + n), 1)
        }
      }),
      { numRuns: 50 },
    )
  })

  it('weighs rare classes more, the more so the rarer, and within limits', () => {
    const [common = NaN, rare = NaN, rarest = NaN] = classWeights(
      headOf(threeKinds, targetsOf(9_000, 300, 30)),
    )
    expect(common).toBe(1)
    expect(rare).toBeGreaterThan(1)
    expect(rarest).toBeGreaterThan(rare)
    expect(rarest).toBeLessThan(10 + 1e-9)
    expect(classWeights(headOf(threeKinds, targetsOf(100, 90, 80)))).toEqual([1, 1, 1])
  })

  it('does not rule out a class that training never saw', () => {
    const head = headOf(nextEvent(), targetsOf(60, 40, 0))
    expect(head.classes).toEqual(['view', 'cart', 'purchase'])
    expect(head.prior[2]).toBeGreaterThan(0)
    expect(head.prior[2]).toBeLessThan(0.02)
  })

  it('counts known targets alone', () => {
    const known = targetsOf(60, 40)
    expect(headOf(occurs('view', week), [...known, NaN, NaN])).toEqual(headOf(occurs('view', week), known))
  })

  it('expects the mean of a total, in units in which any output can say it', () => {
    const head = headOf(
      total('purchase', week),
      Array.from({ length: 100 }, (_, row) => (row % 4 === 0 ? 20 : 0)),
    )
    expect(head.prior).toEqual([5])
    expect(head.scale).toBeGreaterThan(0)
    // softplus⁻¹(5 / scale)
    expect(amountOf(head, Math.log(Math.expm1(5 / head.scale)))).toBeCloseTo(5, 10)
  })

  it('takes a total that is always the same', () => {
    const head = headOf(
      total('purchase', week),
      Array.from({ length: 50 }, () => 3),
    )
    expect(amountOf(head, Math.log(Math.expm1(3 / head.scale)))).toBeCloseTo(3, 10)
  })

  it('refuses a total that is not above zero on average', () => {
    const refunds = Array.from({ length: 100 }, (_, row) => (row < 40 ? 10 : -20))
    const heads = createHeads(projectOf(total('purchase', week)), buildExamples(refunds))
    expect(heads).toEqual({ ok: false, reason: { kind: 'notPositive', task: 'asked', mean: -8 } })
  })

  it('refuses an outcome seen too seldom, and says of which kind there were how many', () => {
    const enough = EXAMPLES_NEEDED
    expect(refusalOf(occurs('view', week), targetsOf(100, enough))).toBeUndefined()
    expect(refusalOf(occurs('view', week), targetsOf(100, enough - 1))).toEqual({
      outcome: 'yes',
      count: enough - 1,
      known: 100 + enough - 1,
    })
    expect(refusalOf(occurs('view', week), targetsOf(0, 90))).toEqual({ outcome: 'no', count: 0, known: 90 })
    expect(refusalOf(threeKinds, targetsOf(50, 3, 50))).toEqual({ outcome: 'b', count: 3, known: 103 })
    expect(refusalOf(occurs('view', week), [NaN, NaN])).toMatchObject({ count: 0, known: 0 })
  })

  it('wants two types of a next event, and amounts above zero of a total', () => {
    const enough = EXAMPLES_NEEDED
    expect(refusalOf(nextEvent(), targetsOf(100, 0, enough))).toBeUndefined()
    expect(refusalOf(nextEvent(), targetsOf(100, 4, 7))).toEqual({
      outcome: 'purchase',
      count: 7,
      known: 111,
    })
    const totals = (paying: number): number[] =>
      Array.from({ length: 100 }, (_, row) => (row < paying ? 8 : 0))
    expect(refusalOf(total('purchase', week), totals(enough))).toBeUndefined()
    expect(refusalOf(total('purchase', week), totals(enough - 1))).toEqual({
      outcome: 'above zero',
      count: enough - 1,
      known: 100,
    })
  })
})
