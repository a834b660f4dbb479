import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { intervalOf } from '../../../features/heads/interval.ts'
import type { ChoiceHead } from '../../../features/heads/head.ts'
import { readerOf } from '../../../features/heads/kinds.ts'
import { label } from '../../../features/project.ts'

const margins = { cuts: [-1, 2], below: [1, 1, 12], above: [1, 1, 1] }

function headOf(classes: readonly string[]): ChoiceHead {
  return {
    kind: 'choice',
    task: 'kind',
    declaration: label([...classes]),
    basis: 'model',
    classes,
    prior: classes.map(() => 1 / classes.length),
    newcomerPrior: classes.map(() => 1 / classes.length),
    temperature: 1,
    bias: classes.map(() => 0),
    margins,
  }
}

describe('intervalOf', () => {
  const anyLogit = fc.oneof(
    fc.double({ min: -60, max: 60, noNaN: true }),
    fc.constantFrom(0, 1e30, -1e30, 3.4e38),
  )

  it.each([[['no', 'yes']], [['a', 'b', 'c']]])(
    'holds what is told and more, however sure the model is: %j',
    (classes) => {
      const head = headOf(classes)
      fc.assert(
        fc.property(
          fc.array(anyLogit, { minLength: classes.length, maxLength: classes.length }),
          (logits) => {
            const numbers = readerOf(head).numbers(logits)
            const told = numbers[readerOf(head).told(numbers)] ?? Number.NaN
            const { lower = 1, upper = 0 } = intervalOf(head, numbers) ?? {}
            expect(lower).toBeLessThanOrEqual(told)
            expect(upper).toBeGreaterThanOrEqual(told)
            expect(upper - lower).toBeGreaterThan(0)
          },
        ),
      )
    },
  )

  it('reaches from certainty as far as what came of such answers, not of none', () => {
    const head = headOf(['no', 'yes'])
    expect(intervalOf(head, [0, 1])?.lower).toBeCloseTo(1 / (1 + Math.exp(12 - 30)), 9)
  })
})
