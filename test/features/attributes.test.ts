import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { attributesAt, undated } from '../../features/attributes.ts'
import { NOW_MS, anyVersions } from './generated.ts'

describe('attributesAt', () => {
  it('is what the latest version by then says, whole', () => {
    const versions = [
      { knownAt: 10, attributes: { plan: 'free', age: 30 } },
      { knownAt: 20, attributes: { plan: 'paid' } },
      { knownAt: 30, attributes: {} },
    ]
    const known = [9, 10, 19, 20, 29, 30, 99].map((atMs) => attributesAt(versions, atMs))
    const [free, paid, nothing] = versions.map(({ attributes }) => attributes)
    expect(known).toEqual([{}, free, free, paid, paid, nothing, nothing])
  })

  it('finds what looking through all versions finds', () => {
    fc.assert(
      fc.property(anyVersions, fc.integer({ min: NOW_MS - 60, max: NOW_MS + 60 }), (versions, atMs) => {
        const known = versions.findLast(({ knownAt }) => knownAt <= atMs)?.attributes ?? {}
        expect(attributesAt(versions, atMs)).toEqual(known)
      }),
    )
  })

  it('takes what has no time as known ever since', () => {
    expect(attributesAt(undated({ plan: 'free' }), 0)).toEqual({ plan: 'free' })
    expect(undated(undefined)).toEqual([])
  })
})
