import { describe, expect, it } from 'vitest'
import { bootRuntime, openSession } from '../../../functions/inference/runtime.ts'

describe('openSession', () => {
  it('boots and refuses bytes that are no model', async () => {
    await bootRuntime()
    await expect(openSession(new Uint8Array([1, 2, 3]), [])).rejects.toThrow()
  })
})
