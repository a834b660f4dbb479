import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { probabilitiesOf } from '../../../features/heads/calibration.ts'
import type { AmountHead, ChoiceHead, Head } from '../../../features/heads/head.ts'
import { readerOf } from '../../../features/heads/kinds.ts'
import { defineProject, label, nextEvent, occurs, total } from '../../../features/project.ts'
import type { Project, Task } from '../../../features/project.ts'
import { classWeights } from '../../../training/graph/class-loss.ts'
import { createHeads } from '../../../training/heads/create-heads.ts'
import type { NewHeads } from '../../../training/heads/create-heads.ts'
import { EXAMPLES_NEEDED } from '../../../training/heads/training-kind.ts'
import type { Shortage } from '../../../training/heads/training-kind.ts'

const week = { withinDays: 7 }
const threeKinds = label(['a', 'b', 'c'])
const events = { view: {}, cart: {}, purchase: { value: true } }

/** A project that asks this, and something else that can always be learned. */
function projectOf(asked: Task): Project {
  return defineProject({
    name: 'asked',
    events,
    tasks: { asked: asked as Task<keyof typeof events>, other: occurs('view', week) },
  })
}

interface Given {
  readonly targets: readonly number[]
  readonly newcomers?: readonly number[]
  readonly like?: readonly Head[]
}

function create(task: Task, { targets, newcomers = [], like = [] }: Given): NewHeads {
  const created = createHeads(projectOf(task), {
    targets: { asked: Float32Array.from(targets), other: Float32Array.from(targetsOf(100, 100)) },
    newcomerTargets: { asked: Float32Array.from(newcomers) },
    like,
  })
  if (!created.ok) throw new Error(`Expected heads, got ${JSON.stringify(created.reason)}`)
  return created.value
}

function headOf(task: Task, given: Given): Head {
  const [head] = create(task, given).heads
  if (head === undefined) throw new Error('Expected a head')
  return head
}

const choiceOf = (task: Task, given: Given): ChoiceHead => headOf(task, given) as ChoiceHead
const amountOf = (task: Task, given: Given): AmountHead => headOf(task, given) as AmountHead

/** What is short, where the prior answers for want of examples. */
function shortageOf(task: Task, targets: readonly number[]): Omit<Shortage, 'needed'> | undefined {
  const { heads, shortages } = create(task, { targets })
  expect(heads.map(({ basis }) => basis)).toEqual([shortages.length === 0 ? 'model' : 'prior', 'model'])
  const [shortage] = shortages
  if (shortage === undefined) return undefined
  const { task: name, needed, ...counts } = shortage
  expect([name, needed]).toEqual(['asked', EXAMPLES_NEEDED])
  return counts
}

/** Targets of each class in these numbers. */
function targetsOf(...counts: readonly number[]): number[] {
  return counts.flatMap((count, index) => Array.from({ length: count }, () => index))
}

describe('createHeads', () => {
  it('gives a model that learned nothing the shares of the classes, whatever their weights', () => {
    const anyCounts = fc.tuple(...[0, 1, 2].map(() => fc.integer({ min: EXAMPLES_NEEDED, max: 3_000 })))
    fc.assert(
      fc.property(anyCounts, (counts) => {
        const head = choiceOf(threeKinds, { targets: targetsOf(...counts) })
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
    const weightsOf = (...counts: readonly number[]): number[] =>
      classWeights(choiceOf(threeKinds, { targets: targetsOf(...counts) }))
    const [common = NaN, rare = NaN, rarest = NaN] = weightsOf(9_000, 300, 30)
    expect(common).toBe(1)
    expect(rare).toBeGreaterThan(1)
    expect(rarest).toBeGreaterThan(rare)
    expect(rarest).toBeLessThan(10 + 1e-9)
    expect(weightsOf(100, 90, 80)).toEqual([1, 1, 1])
  })

  it('keeps the declaration of the task, so that the head knows what it answers', () => {
    const asked = total('purchase', week)
    expect(headOf(asked, { targets: targetsOf(50, 50) }).declaration).toEqual(asked)
    expect(headOf(nextEvent(), { targets: targetsOf(50, 50) }).declaration).toEqual(nextEvent(week))
  })

  it('does not rule out a class that training never saw', () => {
    const head = choiceOf(nextEvent(), { targets: targetsOf(60, 40, 0) })
    expect(head.classes).toEqual(['view', 'cart', 'purchase'])
    expect(head.prior[2]).toBeGreaterThan(0)
    expect(head.prior[2]).toBeLessThan(0.02)
  })

  it('counts known targets alone', () => {
    const known = targetsOf(60, 40)
    expect(headOf(occurs('view', week), { targets: [...known, NaN, NaN] })).toEqual(
      headOf(occurs('view', week), { targets: known }),
    )
  })

  it('expects of newcomers what came after first moments, and of all what came after all', () => {
    const targets = targetsOf(500, 500)
    const head = headOf(occurs('view', week), { targets, newcomers: targetsOf(1_900, 100) })
    expect(head.prior[1]).toBeCloseTo(0.5, 2)
    expect(head.newcomerPrior[1]).toBeCloseTo(0.05, 2)
    expect(head.newcomerPrior.reduce((sum, share) => sum + share)).toBeCloseTo(1, 12)
    const spend = headOf(total('purchase', week), {
      targets: targets.map((value) => 20 * value),
      newcomers: targetsOf(1_900, 100).map((value) => 20 * value),
    })
    expect(spend.prior[0]).toBeCloseTo(10, 6)
    expect(spend.newcomerPrior[0]).toBeCloseTo(1, 1)
  })

  it('expects of newcomers about what it expects of all where few first moments are known', () => {
    for (const newcomers of [[], [NaN, NaN], targetsOf(1, 0)]) {
      const head = headOf(occurs('view', week), { targets: targetsOf(500, 500), newcomers })
      expect(head.newcomerPrior[1]).toBeCloseTo(0.5, 1)
    }
  })

  it('expects the mean of a total, in units in which any output can say it', () => {
    const targets = Array.from({ length: 100 }, (_, row) => (row % 4 === 0 ? 20 : 0))
    const head = amountOf(total('purchase', week), { targets })
    expect(head).toMatchObject({ prior: [5], link: 'softplus', factor: 1 })
    // softplus⁻¹(5 / scale)
    expect(readerOf(head).numbers([Math.log(Math.expm1(5 / head.scale))])[0]).toBeCloseTo(5, 10)
  })

  it('takes a total that is always the same, and one that is always nothing', () => {
    const always = (value: number): AmountHead =>
      amountOf(total('purchase', week), { targets: Array.from({ length: 50 }, () => value) })
    const head = always(3)
    expect(readerOf(head).numbers([Math.log(Math.expm1(3 / head.scale))])[0]).toBeCloseTo(3, 10)
    expect(always(0)).toMatchObject({ basis: 'prior', prior: [0], scale: 1 })
  })

  it('answers totals that may be negative by a head that can, in units of their deviation', () => {
    const refunds = Array.from({ length: 100 }, (_, row) => (row < 40 ? 10 : -20))
    const head = amountOf(total('purchase', week), { targets: refunds })
    expect(head).toMatchObject({ basis: 'model', link: 'identity', prior: [-8] })
    expect(head.scale).toBeCloseTo(Math.sqrt(0.4 * 18 ** 2 + 0.6 * 12 ** 2), 4)
    expect(readerOf(head).numbers([-8 / head.scale])[0]).toBeCloseTo(-8, 10)
  })

  it('shares the choices of the rehearsal in a final fit, whatever else it sees', () => {
    const task = total('purchase', week)
    const rehearsed = amountOf(task, { targets: targetsOf(100, 100) })
    const refunds = targetsOf(100, 100).map((value) => -value)
    const like = [{ ...rehearsed, basis: 'prior' as const }]
    expect(amountOf(task, { targets: refunds, like })).toMatchObject({
      link: 'softplus',
      basis: 'prior',
    })
  })

  it('answers an outcome seen too seldom by the prior, and says of which kind there were how many', () => {
    const enough = EXAMPLES_NEEDED
    expect(shortageOf(occurs('view', week), targetsOf(100, enough))).toBeUndefined()
    expect(shortageOf(occurs('view', week), targetsOf(100, enough - 1))).toEqual({
      outcome: 'yes',
      count: enough - 1,
      known: 100 + enough - 1,
    })
    expect(shortageOf(occurs('view', week), targetsOf(0, 90))).toEqual({ outcome: 'no', count: 0, known: 90 })
    expect(shortageOf(threeKinds, targetsOf(50, 3, 50))).toEqual({ outcome: 'b', count: 3, known: 103 })
    expect(shortageOf(occurs('view', week), [NaN, NaN])).toMatchObject({ count: 0, known: 0 })
  })

  it('wants two types of a next event, and amounts other than zero of a total', () => {
    const enough = EXAMPLES_NEEDED
    expect(shortageOf(nextEvent(), targetsOf(100, 0, enough))).toBeUndefined()
    expect(shortageOf(nextEvent(), targetsOf(100, 4, 7))).toEqual({
      outcome: 'purchase',
      count: 7,
      known: 111,
    })
    const totals = (paying: number): number[] =>
      Array.from({ length: 100 }, (_, row) => (row < paying ? 8 : 0))
    expect(shortageOf(total('purchase', week), totals(enough))).toBeUndefined()
    expect(shortageOf(total('purchase', week), totals(enough - 1))).toEqual({
      outcome: 'above zero',
      count: enough - 1,
      known: 100,
    })
  })

  it('refuses where no task can be learned, naming all', () => {
    const project = defineProject({
      name: 'rare',
      events,
      tasks: { buys: occurs('purchase', week), views: occurs('view', week) },
    })
    const targets = { buys: Float32Array.from(targetsOf(90, 3)), views: Float32Array.from([1]) }
    expect(createHeads(project, { targets, newcomerTargets: {} })).toEqual({
      ok: false,
      reason: {
        code: 'too_few',
        shortages: [
          { task: 'buys', outcome: 'yes', count: 3, known: 93, needed: EXAMPLES_NEEDED },
          { task: 'views', outcome: 'no', count: 0, known: 1, needed: EXAMPLES_NEEDED },
        ],
      },
    })
  })
})
