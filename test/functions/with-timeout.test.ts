import { describe, expect, it } from 'vitest'
import { withTimeout } from '../../functions/with-timeout.ts'

const options = { timeoutMs: 20, error: () => new Error('too late') }

describe('withTimeout', () => {
  it('gives what the work gives, failures too', async () => {
    expect(await withTimeout(Promise.resolve(3), options)).toBe(3)
    await expect(withTimeout(Promise.reject(new Error('broken')), options)).rejects.toThrow('broken')
  })

  it('gives up on work that does not end', async () => {
    await expect(withTimeout(new Promise(() => undefined), options)).rejects.toThrow('too late')
  })
})
