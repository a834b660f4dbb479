import { describe, expect, it } from 'vitest'
import { bundleId, hashText, sha256Hex } from '../../features/hash.ts'

describe('hashText', () => {
  it('is 32-bit FNV-1a, as in the test vectors of its authors', () => {
    expect(hashText('')).toBe(0x811c9dc5)
    expect(hashText('a')).toBe(0xe40c292c)
    expect(hashText('b')).toBe(0xe70c2de5)
    expect(hashText('foobar')).toBe(0xbf9cf968)
  })

  // Computed in Python: for byte in text.encode(): hash = (hash ^ byte) * 0x01000193 & 0xffffffff
  it('takes the bytes of UTF-8', () => {
    expect(hashText('é')).toBe(0x1e9de8c1)
    expect(hashText('日本語')).toBe(0x805f5ce7)
    expect(hashText('\u{1F600}')).toBe(0x33a29608)
  })
})

describe('sha256Hex', () => {
  it('is SHA-256, as in the examples of FIPS 180-4', async () => {
    expect(await sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad')
    expect(await sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855')
  })

  it('takes a text as the bytes of its UTF-8', async () => {
    const bytes = new Uint8Array([0xe6, 0x97, 0xa5])
    expect(await sha256Hex('日')).toBe(await sha256Hex(bytes))
  })
})

describe('bundleId', () => {
  // Computed with Python's hashlib.
  it('is the beginning of the hash of the manifest, which names the files by theirs', async () => {
    expect(await bundleId('{"a":1}')).toBe('015abd7f5cc57a2dd94b7590f04ad808')
    expect(await bundleId('{"a": 1}')).not.toBe(await bundleId('{"a":1}'))
  })
})
