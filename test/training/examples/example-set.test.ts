import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chunksOf, createExampleCollector, selectExamples } from '../../../training/examples/example-set.ts'
import type { ExampleSet } from '../../../training/examples/example-set.ts'

const inputs = [
  { name: 'numbers', type: 'float32', shape: [2] },
  { name: 'pairs', type: 'int32', shape: [2, 2] },
] as const

function buildExamples(count: number, expected?: number): ExampleSet {
  const collector = createExampleCollector({ inputs, tasks: ['buys'], ...(expected && { expected }) })
  for (let row = 0; row < count; row += 1) {
    collector.add({
      encoded: {
        numbers: Float32Array.of(row, -row),
        pairs: Int32Array.of(row, row + 1, row + 2, row + 3),
      },
      targets: { buys: row % 3 === 0 ? null : row % 2 },
      userId: `u${row}`,
      atMs: 1_000 + row,
      isFirst: row % 5 === 0,
      from: row % 2 === 0 ? 'event' : 'clock',
    })
  }
  return collector.finish()
}

const indices = (from: number, until: number): number[] =>
  Array.from({ length: until - from }, (_, place) => from + place)

describe('createExampleCollector', () => {
  it('keeps every row, whether there was room for it or not', () => {
    const grown = buildExamples(3_000)
    expect(grown).toEqual(buildExamples(3_000, 10_000))
    expect(grown.inputs['pairs']?.slice(4 * 2_999)).toEqual(Int32Array.of(2_999, 3_000, 3_001, 3_002))
    expect(Array.from(grown.targets['buys']?.slice(0, 4) ?? [])).toEqual([NaN, 1, 0, NaN])
    expect([grown.isFirst[5], grown.isFirst[6], grown.from[7]]).toEqual([1, 0, 'clock'])
  })
})

describe('chunksOf', () => {
  it('gives all rows in order, at most so many at a time, without copying what is large', () => {
    fc.assert(
      fc.property(fc.nat(40), fc.integer({ min: 1, max: 15 }), (count, rowsMax) => {
        const examples = buildExamples(count)
        let from = 0
        for (const chunk of chunksOf(examples, rowsMax)) {
          expect(chunk).toEqual(selectExamples(examples, indices(from, Math.min(count, from + rowsMax))))
          expect(chunk.inputs['pairs']?.buffer).toBe(examples.inputs['pairs']?.buffer)
          from += chunk.count
        }
        expect(from).toBe(count)
      }),
    )
  })
})
