import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createRemembered } from '../../functions/remembered.ts'

const unavailable = new Error('unavailable')
const background: Promise<unknown>[] = []
const keepAlive = (work: Promise<unknown>): void => void background.push(work)

let nowMs = 0
beforeEach(() => {
  nowMs = 1_000_000
})
afterEach(async () => {
  await Promise.all(background.splice(0))
})

function createSource() {
  const source = { value: 'a', error: undefined as Error | undefined, reads: 0 }
  const remembered = createRemembered<string>({
    refreshAfterMs: 1_000,
    staleAfterMs: 2_000,
    standsInMs: 60_000,
    isUnavailable: (error) => error === unavailable,
  })
  const read = async (): Promise<string> => {
    source.reads += 1
    if (source.error !== undefined) throw source.error
    return source.value
  }
  return { source, get: () => remembered.get({ read, keepAlive, clock: () => nowMs }) }
}

describe('what is remembered', () => {
  it('is read once while it is fresh', async () => {
    const { source, get } = createSource()
    await get()
    nowMs += 999
    await get()
    expect(source.reads).toBe(1)
  })

  it('is read again after the answer as it ages, and is never stale', async () => {
    const { source, get } = createSource()
    await get()
    source.value = 'b'
    nowMs += 1_500
    expect(await Promise.all([get(), get()])).toEqual(['a', 'a'])
    await Promise.all(background)
    expect(source.reads).toBe(2)
    expect(await get()).toBe('b')
    source.value = 'c'
    nowMs += 2_000
    expect(await get()).toBe('c')
  })

  it('stands in where it cannot be read, for a while and without asking each time', async () => {
    const { source, get } = createSource()
    await get()
    source.error = unavailable
    nowMs += 2_000
    expect(await get()).toBe('a')
    expect(await get()).toBe('a')
    expect(source.reads).toBe(2)
    nowMs += 60_000
    await expect(get()).rejects.toThrow('unavailable')
  })

  it('does not stand in where the read was refused', async () => {
    const { source, get } = createSource()
    await get()
    source.error = new Error('refused')
    nowMs += 2_000
    await expect(get()).rejects.toThrow('refused')
    await expect(get()).rejects.toThrow('refused')
  })
})
