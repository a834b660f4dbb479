// Members of one name, in texts of any shape.
import { array, assert, dictionary, json, jsonValue, property, string, tuple } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findDuplicateMember } from '../../../functions/middleware/duplicate-member.ts'

describe('findDuplicateMember', () => {
  it('finds none in what JSON.stringify writes, whatever it is and however it is indented', () => {
    assert(
      property(json({ maxDepth: 6 }), (text) => {
        expect(findDuplicateMember(text)).toBeUndefined()
      }),
    )
    assert(
      property(jsonValue({ maxDepth: 6 }), (value) => {
        for (const indent of [1, '\t']) {
          expect(findDuplicateMember(JSON.stringify(value, null, indent))).toBeUndefined()
        }
      }),
    )
  })

  it('finds the one that stands twice, at any depth, between whatever others', () => {
    assert(
      property(
        tuple(string(), dictionary(string(), jsonValue()), array(jsonValue(), { maxLength: 3 })),
        ([name, others, around]) => {
          const members = Object.entries(others).filter(([own]) => own !== name)
          const written = [...members, [name, 1], [name, { [name]: 2 }]].map(
            ([own, value]) => `${JSON.stringify(own)}:${JSON.stringify(value)}`,
          )
          const text = `[${[...around.map((one) => JSON.stringify(one)), `{${written.join(',')}}`].join(',')}]`
          JSON.parse(text)
          expect(findDuplicateMember(text)).toBe(name)
        },
      ),
    )
  })

  it('takes one name for another neither by its spelling nor for a value', () => {
    expect(findDuplicateMember('{"a":1,"\\u0061":2}')).toBe('a')
    expect(findDuplicateMember('{"a":"a","b":"{\\"a\\":1,\\"a\\":2}"}')).toBeUndefined()
  })
})
