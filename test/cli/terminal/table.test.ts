import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tableOf, wrap } from '../../../cli/terminal/table.ts'

const anyCell = fc.string({ maxLength: 60 }).map((text) => text.replaceAll(/\s/g, ' '))

describe('tableOf', () => {
  it('is as wide as its cells take where nothing bounds it', () => {
    expect(tableOf(['name', 'is'], [['a', 'long enough']])).toBe('name  is\na     long enough')
  })

  it('goes on in further lines under its column where it would be too wide', () => {
    const table = tableOf(['name', 'why'], [['plan', 'nobody says since when it is known']], { widthMax: 24 })
    expect(table).toBe('name  why\nplan  nobody says since\n      when it is known')
  })

  it('stays within its bound and loses no letter, whatever its cells hold', () => {
    const letters = (text: string) => text.replaceAll(/\s/g, '').split('').toSorted().join('')
    fc.assert(
      fc.property(
        fc.array(fc.array(anyCell, { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 5 }),
        fc.integer({ min: 20, max: 100 }),
        ([head = [], ...rows], widthMax) => {
          const table = tableOf(head, rows, { widthMax })
          for (const line of table.split('\n')) expect(line.length).toBeLessThanOrEqual(widthMax)
          expect(letters(table)).toBe(letters([head, ...rows].flat().join('')))
        },
      ),
    )
  })
})

describe('wrap', () => {
  it('breaks between words, and within those that are longer than a line', () => {
    expect(wrap('a bc defghij k', 4)).toEqual(['a bc', 'defg', 'hij', 'k'])
    expect(wrap('', 4)).toEqual([''])
  })
})
