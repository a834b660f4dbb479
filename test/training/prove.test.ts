import { describe, expect, it } from 'vitest'
import type { Outputs } from '../../training/models/family.ts'
import { parityOf } from '../../training/prove.ts'
import { ROWS, buildOutputs, manifestParts } from './build-bundle.ts'

describe('parityOf', () => {
  const difference = (right: Outputs): number =>
    parityOf(manifestParts.heads, { rows: ROWS, left: buildOutputs(), right })

  it('is zero for the same outputs', () => {
    expect(difference(buildOutputs())).toBe(0)
  })

  it('is the largest difference of any head, of probabilities or in units of a total', () => {
    const changed = difference(buildOutputs({ task: 'spend', place: 0, value: Math.sin(0) + 1e-3 }))
    // softplus rises by the logistic function of its argument
    expect(changed).toBeCloseTo(1e-3 / (1 + Math.exp(-Math.sin(0))), 6)
    for (const { task } of manifestParts.heads) {
      expect(difference(buildOutputs({ task, place: 1, value: 9 }))).toBeGreaterThan(0.05)
    }
  })

  it('is counted in amounts that lie many scales from nothing, which numbers of 32 bits cannot tell finer', () => {
    const far = 50_000
    const [left, right] = [far, far + 1 / 256].map((value) =>
      buildOutputs({ task: 'spend', place: 2, value }),
    )
    if (left === undefined || right === undefined) throw new Error('Expected outputs')
    const between = parityOf(manifestParts.heads, { rows: ROWS, left, right })
    expect(between).toBeGreaterThan(0)
    expect(between).toBeLessThan(1e-6)
  })

  it.each([Number.NaN, Infinity, -Infinity])(
    'is infinite where an output is %d, on either side or both',
    (value) => {
      for (const { task } of manifestParts.heads) {
        const broken = buildOutputs({ task, place: 1, value })
        const intact = buildOutputs()
        for (const [left, right] of [
          [broken, intact],
          [intact, broken],
          [broken, broken],
        ] as const) {
          expect(parityOf(manifestParts.heads, { rows: ROWS, left, right })).toBe(Infinity)
        }
      }
    },
  )

  it('is infinite where an output is absent or short, on either side or both', () => {
    for (const { task } of manifestParts.heads) {
      const absent = { ...buildOutputs(), [task]: new Float32Array(0) }
      const short = { ...buildOutputs(), [task]: buildOutputs()[task]?.slice(0, -1) ?? new Float32Array(0) }
      for (const broken of [absent, short]) {
        expect(difference(broken)).toBe(Infinity)
        expect(parityOf(manifestParts.heads, { rows: ROWS, left: broken, right: broken })).toBe(Infinity)
      }
    }
  })
})
