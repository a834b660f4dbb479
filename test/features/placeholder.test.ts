import { describe, expect, it } from 'vitest'
import { isPlaceholder } from '../../features/placeholder.ts'

describe('isPlaceholder', () => {
  const words = `undefined,UNDEFINED,null, Null ,NaN,None,nil,\\N,(null),(none),<NA>,#N/A,[object Object],-,?,
    00000000-0000-0000-0000-000000000000`
  it.each([...words.split(','), '', ' ', '\t\n', '\u00a0null'])('knows %j', (text) =>
    expect(isPlaceholder(text)).toBe(true),
  )

  it.each([
    '0',
    '-1',
    '--',
    '?x',
    'nullable',
    'null-1',
    'Nan Goldin',
    'undefined undefined',
    'object Object',
    'n',
    'na',
    '(x)',
  ])('takes %j for an id', (text) => expect(isPlaceholder(text)).toBe(false))
})
