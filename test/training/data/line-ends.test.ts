import { array, assert, asyncProperty, constantFrom, oneof, tuple } from 'fast-check'
import { afterAll, describe, expect, it } from 'vitest'
import { lineEndsOf } from '../../../training/data/files/line-ends.ts'
import { createDataFolder } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

const SHAPE = { delimiter: ',', quote: '"', skipLines: 0 }

async function isMixed(text: string, shape = SHAPE): Promise<boolean> {
  const path = folder.write('lines.csv', text)
  return (await lineEndsOf({ path, gzip: false, encoding: 'utf-8' }, shape)).size > 1
}

const end = constantFrom('\n', '\r\n', '\r')
const cell = oneof(
  constantFrom('', 'a', '5" tv', 'x y'),
  constantFrom('"a\nb"', '"a\r\nb"', '"say ""hi""\r"', '",\n"'),
)

describe('lineEndsOf', () => {
  it('tells whether lines end in several ways, whatever is within quotes', async () => {
    const lines = array(tuple(array(cell, { minLength: 1, maxLength: 3 }), end), { minLength: 1 })
    await assert(
      asyncProperty(lines, async (rows) => {
        const text = rows.map(([cells, lineEnd]) => `${cells.join(',')};${lineEnd}`).join('')
        expect(await isMixed(text)).toBe(new Set(rows.map(([, lineEnd]) => lineEnd)).size > 1)
      }),
    )
  })

  it.each([65_534, 65_535, 65_536])('takes a break for one where it spans parts read: %i', async (count) => {
    expect(await isMixed(`${'x'.repeat(count)}\r\ny\r\n`)).toBe(false)
    expect(await isMixed(`${'x'.repeat(count)}\ry\r\n`)).toBe(true)
    expect(await isMixed(`${'x'.repeat(count)}\r\n\ny\r\n`)).toBe(true)
  })

  it('takes quotes for text in lines before the header, and where nothing is quoted', async () => {
    expect(await isMixed('"\r\na\nb\n', { ...SHAPE, skipLines: 1 })).toBe(true)
    expect(await isMixed('"a\r\n"\n', { ...SHAPE, quote: '' })).toBe(true)
  })
})
