import { describe, expect, it } from 'vitest'
import { describeError } from '../../../functions/middleware/describe-error.ts'

describe('describeError', () => {
  it('tells kind and place of an error from elsewhere, and nothing of its message', () => {
    const described = describeError(new SyntaxError('not JSON: {\n    at home with anna@example.com\n}'))
    expect(described).toMatch(/^SyntaxError at /)
    expect(described).not.toContain('anna')
  })

  it('tells no more than the type of what is no error', () => {
    expect(describeError('anna@example.com')).toBe('threw string')
  })
})
