import { describe, expect, it } from 'vitest'
import { decode } from '../../features/decode.ts'
import { createEncoder } from '../../features/encode.ts'
import type { ProbabilityHead } from '../../features/heads/head.ts'
import { FEATURE_VERSION } from '../../features/manifest.ts'
import type { Features, Manifest } from '../../features/manifest.ts'
import { undated } from '../../features/attributes.ts'
import { label, occurs } from '../../features/project.ts'
import { SUPPORT_MIN, supportCells } from '../../features/support.ts'
import { packVector } from '../../features/vectors.ts'
import { buildEvent, buildFeatures, buildRequest } from './generated.ts'

const log = buildFeatures({ texts: [] })
const table = buildFeatures({
  sequenceLength: 0,
  eventTypes: [],
  items: [],
  itemCategories: [],
  historyNumbers: [],
  categories: [{ name: 'plan', origin: 'user', values: ['free', 'paid'] }],
})

function bundleOf(features: Features, head: Partial<ProbabilityHead>): Manifest {
  const answered: ProbabilityHead = {
    task: 'buys',
    declaration: features === table ? label(['no', 'yes']) : occurs('purchase', { withinDays: 7 }),
    kind: 'probability',
    basis: 'model',
    classes: ['no', 'yes'],
    prior: [0.9, 0.1],
    newcomerPrior: [0.9, 0.1],
    temperature: 1,
    bias: [0, 0],
    ...head,
  }
  return {
    featureVersion: FEATURE_VERSION,
    project: 'shop',
    family: 'softmax',
    features,
    inputs: [],
    heads: [answered],
    files: [],
  }
}

const rowAfter = (events: number) =>
  createEncoder(log)(
    buildRequest({ history: Array.from({ length: events }, (_, index) => buildEvent({ id: `e${index}` })) }),
  )
const rowOfTable = (attributes: Parameters<typeof undated>[0]) =>
  createEncoder(table)(buildRequest({ user: undated(attributes) }))
const answerOf = (manifest: Manifest, row: ReturnType<typeof rowAfter>) =>
  decode(manifest, { buys: [0, 0] }, { cell: supportCells(manifest.features).cellOf(row) })['buys']

describe('support of an answer', () => {
  it('is how many moments of training had about as long a history', () => {
    const { count, cellOf } = supportCells(log)
    expect(count).toBe(5)
    expect([0, 1, 2, 3, 4, 5, 8, 20].map((events) => cellOf(rowAfter(events)))).toEqual([
      0, 1, 2, 3, 3, 4, 4, 4,
    ])
    const manifest = bundleOf(log, { support: [100, 200, 300, 400, 500] })
    expect(answerOf(manifest, rowAfter(3))).toEqual({ probability: 0.5, support: 400 })
  })

  it('is of a table how many had as many columns known: a value that training never saw is not', () => {
    const { cellOf } = supportCells(table)
    const cells = [
      {},
      { plan: 'of another kind' },
      { plan: 'paid' },
      { plan: 'paid', about: 'likes long walks' },
      { plan: 'paid', about: 'likes long walks', age: 30 },
    ].map((attributes) => cellOf(rowOfTable(attributes)))
    expect(cells).toEqual([0, 0, 1, 1, 2])
  })

  it('counts vectors among the columns', () => {
    const taste = { origin: 'user', length: 2, projection: [], means: [0, 0], deviations: [1, 1] } as const
    const vectors = ['a', 'b', 'c'].map((name) => ({ ...taste, name }))
    const features = { ...table, attributeNumbers: [], categories: [], texts: [], vectors }
    const { cellOf } = supportCells(features)
    const packed = packVector([1, 2])
    const cells = [{}, { b: packed }, { a: packed, c: packed }].map((attributes) =>
      cellOf(createEncoder(features)(buildRequest({ user: undated(attributes) }))),
    )
    expect(cells).toEqual([0, 1, 2])
  })

  it('gives way to the prior, and says so, where too few knew as little', () => {
    const few = bundleOf(log, { support: [2, SUPPORT_MIN - 3, 500, 500, 500] })
    expect(answerOf(few, rowAfter(1))).toEqual({
      probability: 0.1,
      basis: 'prior',
      fallback: 'too_little_known',
      support: SUPPORT_MIN - 3,
    })
    const enough = bundleOf(log, { support: [2, SUPPORT_MIN - 2, 500, 500, 500] })
    expect(answerOf(enough, rowAfter(1))).toEqual({ probability: 0.5, support: SUPPORT_MIN - 2 })
  })

  it('lets the model answer about those of whom more is known than of any before', () => {
    const young = bundleOf(log, { support: [100, 100, 100, 0, 0] })
    expect(answerOf(young, rowAfter(8))).toEqual({ probability: 0.5, support: 0 })
  })

  it('is not told by a bundle that counted none', () => {
    expect(answerOf(bundleOf(log, {}), rowAfter(1))).toEqual({ probability: 0.5 })
  })
})

describe('an interval of an answer', () => {
  const margins = { cuts: [0], below: [1, 0.1], above: [2, 0.2] }
  const told = (logOdds: number) =>
    decode(bundleOf(log, { margins }), { buys: [0, logOdds] }, { interval: true })['buys']

  it('lies around what is told, as wide as the bin that it falls in', () => {
    const share = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds))
    expect(told(-1)).toMatchObject({
      probability: expect.closeTo(share(-1), 9),
      interval: { lower: expect.closeTo(share(-2), 9), upper: expect.closeTo(share(1), 9) },
    })
    expect(told(1)).toMatchObject({
      interval: { lower: expect.closeTo(share(0.9), 9), upper: expect.closeTo(share(1.2), 9) },
    })
  })

  it('is of the class that is answered', () => {
    const manifest = bundleOf(log, { margins })
    const [head] = manifest.heads
    const choice = { ...manifest, heads: [{ ...head, kind: 'choice' }] } as Manifest
    const of = (logOdds: number) => decode(choice, { buys: [0, logOdds] }, { interval: true })['buys']
    const [no, yes] = [of(-1), of(1)]
    expect(no).toMatchObject({ value: 'no' })
    expect(yes).toMatchObject({ value: 'yes' })
    for (const answer of [no, yes]) {
      if (answer === undefined || !('value' in answer) || answer.interval === undefined)
        throw new Error('None')
      const probability = answer.probabilities[answer.value] ?? Number.NaN
      expect(answer.interval.lower).toBeLessThan(probability)
      expect(answer.interval.upper).toBeGreaterThan(probability)
    }
  })

  it('is not given unasked, by the prior, or by a bundle without margins', () => {
    const outputs = { buys: [0, 1] }
    expect(decode(bundleOf(log, { margins }), outputs)['buys']).not.toHaveProperty('interval')
    const asked = { interval: true }
    expect(decode(bundleOf(log, { margins, basis: 'prior' }), outputs, asked)['buys']).toEqual({
      probability: 0.1,
      basis: 'prior',
    })
    expect(decode(bundleOf(log, {}), outputs, asked)['buys']).not.toHaveProperty('interval')
  })
})
