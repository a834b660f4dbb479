import { describe, expect, it } from 'vitest'
import { DAY_MS } from '../../../features/project.ts'
import { createTeller } from '../../../features/reasons/words.ts'
import { buildEvent, buildFeatures, buildRequest, NOW_MS } from '../generated.ts'

function factOf(name: string, daysAgo: readonly number[], itemIds: readonly string[] = []): string {
  const history = daysAgo.map((days, place) =>
    buildEvent({
      id: `e${place}`,
      occurredAt: NOW_MS - days * DAY_MS,
      ...(itemIds[place] !== undefined && { itemId: itemIds[place] }),
    }),
  )
  return createTeller(buildFeatures(), buildRequest({ history })).fact({ name, places: [] })
}

describe('a history in words', () => {
  it.each([
    ['history.any', [6.5, 6.5, 3], '2 × events in 7 days, 2 active days in the last 7'],
    ['history.any', [0.01], '1 × events in 24 hours, 1 active day in the last 7'],
    ['history.view', [6, 4, 1], '1 × view in 24 hours'],
    ['history.view', [26, 23, 20], '3 × view in 28 days, usually every 3 days'],
    ['history.view', [66, 63, 60], '3 × view, the last 60 days ago, usually every 3 days'],
    ['history.view', [], 'no view so far'],
  ])('of %s, %j days ago, is: %s', (name, daysAgo, said) => {
    expect(factOf(name, daysAgo)).toBe(said)
  })

  it('names what visits were about, the commonest first', () => {
    const items = ['hat', 'shoe', 'shoe', 'unheard-of']
    expect(factOf('history.items.department', [9, 8, 2, 1], items)).toBe('department: 2 × feet, 1 × head')
    expect(factOf('history.items.department', [1], ['unheard-of'])).toBe('no item whose department is known')
  })
})
