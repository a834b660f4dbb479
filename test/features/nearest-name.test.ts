import { describe, expect, it } from 'vitest'
import { nearestName } from '../../features/nearest-name.ts'

describe('nearestName', () => {
  it.each([
    ['veiw', 'view'],
    ['User ID', 'user_id'],
    ['userid', 'user_id'],
    ['occuredAt', 'occurredAt'],
    ['purchases', 'purchase'],
  ])('takes %s for %s', (written, wanted) => {
    expect(nearestName(['cart', 'view', 'user_id', 'occurredAt', 'purchase', ''], written)).toBe(wanted)
  })

  it('guesses nothing where no name is like it', () => {
    expect(nearestName(['cart', 'view'], 'purchase')).toBeUndefined()
    expect(nearestName(['ab', 'cd'], 'xy')).toBeUndefined()
    expect(nearestName([], 'x')).toBeUndefined()
  })
})
