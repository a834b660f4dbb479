import { execFileSync } from 'node:child_process'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shellWord } from '../../../cli/terminal/shell-word.ts'

describe('shellWord', () => {
  it('is read by a shell as the text that it was made of, whatever is in it', () => {
    const texts = fc.oneof(
      fc.constantFrom('a b/it\'s "x".csv', '$HOME/`id`.csv', '', '*.csv', '~/a', '-x', 'a\nb'),
      fc.string({ unit: 'grapheme', maxLength: 20 }),
    )
    fc.assert(
      fc.property(fc.array(texts, { minLength: 50, maxLength: 50 }), (all) => {
        const given = all.map((text) => text.replaceAll('\0', ''))
        const said = execFileSync('sh', ['-c', `printf '%s\\0' ${given.map(shellWord).join(' ')}`])
        expect(said.toString().split('\0').slice(0, -1)).toEqual(given.map((text) => text.toWellFormed()))
      }),
      { numRuns: 20 },
    )
  })

  it('leaves plain paths as they are', () => {
    expect(shellWord('../data/orders-2026_01.csv.gz')).toBe('../data/orders-2026_01.csv.gz')
  })
})
