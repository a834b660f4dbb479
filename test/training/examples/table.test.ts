import { describe, expect, it } from 'vitest'
import { category, defineProject, label, number } from '../../../features/project.ts'
import type { LabelledRow } from '../../../training/data/data-set.ts'
import { encodeRows, labelIndices, learnTableFeatures } from '../../../training/examples/table.ts'

const project = defineProject({
  name: 'visits',
  user: { pages: number(), browser: category() },
  tasks: { buys: label(['no', 'yes']), returns: label(['never', 'soon', 'late']) },
})

function buildRow(overrides: Partial<LabelledRow> = {}): LabelledRow {
  return {
    index: 0,
    id: 'row-1',
    attributes: { pages: 3, browser: 'fox' },
    labels: { buys: 'no', returns: 'soon' },
    ...overrides,
  }
}

/** Train rows: pages 0 to 9, half of them with either browser. */
const train = Array.from({ length: 20 }, (_, index) =>
  buildRow({
    index,
    id: `row-${index + 1}`,
    attributes: { pages: index % 10, browser: index % 2 === 0 ? 'fox' : 'owl' },
  }),
)
const features = learnTableFeatures(project, train)
const inputsOf = (...rows: readonly LabelledRow[]) => encodeRows(project, { features, rows }).inputs

describe('encodeRows', () => {
  it('gives one example a row, in the order of the rows', () => {
    const rows = ['c', 'a', 'b'].map((id) => buildRow({ id }))
    const { count, userIds, targets } = encodeRows(project, { features, rows })
    expect([count, userIds]).toEqual([3, ['c', 'a', 'b']])
    expect(targets['buys']).toEqual(Float32Array.from([0, 0, 0]))
    expect(targets['returns']).toEqual(Float32Array.from([1, 1, 1]))
  })

  it('tells missing and unknown categories from those of training', () => {
    const browsers = [null, 'never seen', 'fox', 'owl']
    const rows = browsers.map((browser) => buildRow({ attributes: { pages: 3, browser } }))
    expect(Array.from(inputsOf(...rows)['categories'] ?? [])).toEqual([0, 1, 2, 3])
  })

  it('flags missing numbers, and reads one beyond all of training as the last interval passed', () => {
    const [, , ...intervals] = Array.from(inputsOf(buildRow({ attributes: { pages: 900 } }))['numbers'] ?? [])
    expect(new Set(intervals)).toEqual(new Set([1]))
    const missing = Array.from(inputsOf(buildRow({ attributes: { pages: null } }))['numbers'] ?? [])
    expect(missing).toEqual([0, 1, ...intervals.map(() => 0)])
    expect(inputsOf(buildRow({ attributes: {} }))['numbers']).toEqual(Float32Array.from(missing))
  })

  it('has no inputs of histories', () => {
    expect(Object.keys(inputsOf(buildRow()))).toEqual(['numbers', 'categories'])
  })

  it('leaves a target open where the label is missing or not declared, and keeps the others', () => {
    const rows = [
      buildRow({ labels: { returns: 'late' } }),
      buildRow({ labels: { buys: 'maybe', returns: 'never' } }),
    ]
    const { targets } = encodeRows(project, { features, rows })
    expect(targets['buys']).toEqual(Float32Array.from([NaN, NaN]))
    expect(targets['returns']).toEqual(Float32Array.from([2, 0]))
  })
})

describe('learnTableFeatures', () => {
  it('learns scales and values from the rows it is given', () => {
    expect(features.attributeNumbers).toMatchObject([{ name: 'pages', mean: 4.5 }])
    expect(features.categories).toEqual([{ name: 'browser', origin: 'user', values: ['fox', 'owl'] }])
    expect(features.sequenceLength).toBe(0)
  })

  it('does not look at the labels', () => {
    const others = train.map((row) => ({ ...row, labels: { buys: 'yes', returns: 'never' } }))
    expect(learnTableFeatures(project, others)).toEqual(features)
  })
})

describe('labelIndices', () => {
  it('gives the declared place of each label, and −1 where there is none', () => {
    const rows = ['late', 'never', 'maybe'].map((returns) => buildRow({ labels: { returns } }))
    expect(Array.from(labelIndices(project, { task: 'returns', rows }))).toEqual([2, 0, -1])
    expect(Array.from(labelIndices(project, { task: 'buys', rows }))).toEqual([-1, -1, -1])
  })
})
