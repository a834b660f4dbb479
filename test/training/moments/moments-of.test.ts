import { describe, expect, it } from 'vitest'
import { momentsOf } from '../../../training/moments/moments-of.ts'
import { buildRows, smallTable } from '../build-table.ts'
import { buildPlan } from './build-plan.ts'

describe('momentsOf', () => {
  it('asks each row of a user, be they more than a call takes arguments', () => {
    const [row] = buildRows(['a'])
    if (row === undefined) throw new Error('Expected a row')
    const questions = Array.from({ length: 200_000 }, (_, place) => ({
      atMs: null,
      place,
      labels: { kind: 'a' },
    }))
    const plan = buildPlan({}, { parts: {}, partOfRow: questions.map(() => 'train') })
    expect(momentsOf({ ...row, questions }, { project: smallTable, plan, place: 0 }).moments).toHaveLength(
      questions.length,
    )
  })
})
