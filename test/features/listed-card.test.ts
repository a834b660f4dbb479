import { describe, expect, it } from 'vitest'
import { listedCard } from '../../features/listed-card.ts'

describe('listedCard', () => {
  it('keeps all of a card but slices and curves', () => {
    const tasks = { buys: { model: { auc: 0.9 } } }
    const card = { project: 'gym', rehearsal: { split: 'by time', tasks, quality: { buys: { slices: [] } } } }
    expect(JSON.parse(listedCard(JSON.stringify(card, null, 2)))).toEqual({
      project: 'gym',
      rehearsal: { split: 'by time', tasks },
    })
  })

  it('leaves as it is what is no card of training’s', () => {
    for (const text of ['{ "note": 1 }', '[]', 'null', 'not json', '', '{"rehearsal":null}']) {
      expect(listedCard(text)).toBe(text)
    }
  })
})
