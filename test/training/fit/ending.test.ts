import { describe, expect, it } from 'vitest'
import { describeEnding } from '../../../training/fit/ending.ts'

describe('what ended a fit, in words', () => {
  it('tells a fit that had learned all it could from one that was cut short', () => {
    const fit = { of: 'pooled', after: 1920, unit: 'steps' } as const
    expect(describeEnding({ ...fit, by: 'patience', bound: 640 })).toBe(
      'pooled: no better on validation for 640 steps, after 1,920',
    )
    expect(describeEnding({ ...fit, by: 'steps', bound: 1920 })).toBe(
      'pooled: may learn more, but ended at its bound of 1,920 steps',
    )
    expect(describeEnding({ ...fit, by: 'minutes', bound: 1 })).toBe(
      'pooled: may learn more, but ended at its bound of 1 minute, after 1,920 steps',
    )
    const late = { ...fit, by: 'minutes', bound: 2, bestAfter: 400 } as const
    expect(describeEnding(late)).toBe(
      'pooled: no better on validation since step 400, and ended at its bound of 2 minutes, after 1,920 steps',
    )
  })
})
