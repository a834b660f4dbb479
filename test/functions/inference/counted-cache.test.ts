import { describe, expect, it } from 'vitest'
import { createCountedCache } from '../../../functions/inference/counted-cache.ts'
import type { Lease } from '../../../functions/inference/counted-cache.ts'

interface Thing {
  readonly name: string
  isFreed: boolean
}

const keepAlive = (): void => {}
const clock = (): number => 0

function createThings({ bytesMax = 2, loadTimeoutMs = 1_000 } = {}) {
  const loads: string[] = []
  const things: Thing[] = []
  const stale = new Set<Thing>()
  const cache = createCountedCache<Thing>({
    bytesMax,
    loadTimeoutMs,
    bytesOf: () => 1,
    isStale: (thing) => stale.has(thing),
    free: (thing) => {
      expect(thing.isFreed).toBe(false)
      thing.isFreed = true
    },
  })
  async function make(name: string): Promise<Thing> {
    loads.push(name)
    const thing = { name, isFreed: false }
    things.push(thing)
    await Promise.resolve()
    return thing
  }
  const acquire = (name: string): Promise<Lease<Thing>> =>
    cache.acquire(name, { load: () => make(name), keepAlive, clock })
  return {
    cache,
    loads,
    stale,
    acquire,
    freed: () => things.filter(({ isFreed }) => isFreed).map(({ name }) => name),
  }
}

describe('a counted cache', () => {
  it('shares a load, and loads nothing twice that fits', async () => {
    const { acquire, loads } = createThings()
    const leases = await Promise.all([acquire('a'), acquire('a'), acquire('b')])
    for (let turn = 0; turn < 1_000; turn += 1) leases.push(await acquire(turn % 2 === 0 ? 'a' : 'b'))
    expect(loads).toEqual(['a', 'b'])
    expect(new Set(leases.map(({ value }) => value)).size).toBe(2)
  })

  it('frees what was used longest ago where there is too much', async () => {
    const { acquire, freed } = createThings()
    for (const name of ['a', 'b', 'a', 'c']) (await acquire(name)).release()
    expect(freed()).toEqual(['b'])
  })

  it('frees nothing that is in use, however much there is', async () => {
    const { acquire, freed } = createThings({ bytesMax: 1 })
    const leases = await Promise.all(['a', 'b', 'c'].map(acquire))
    const another = leases[0]?.share()
    leases[0]?.release()
    leases[0]?.release()
    expect(freed()).toEqual([])
    another?.release()
    leases[1]?.release()
    expect(freed()).toEqual(['a', 'b'])
    expect((await acquire('c')).value.isFreed).toBe(false)
  })

  it('loads again what has gone stale, and frees it once it is given back', async () => {
    const { acquire, stale, freed, loads } = createThings()
    const old = await acquire('a')
    stale.add(old.value)
    const fresh = await acquire('a')
    expect(fresh.value).not.toBe(old.value)
    expect(freed()).toEqual([])
    old.release()
    expect(freed()).toEqual(['a'])
    expect(loads).toEqual(['a', 'a'])
  })

  it('forgets a load that failed', async () => {
    const { cache, acquire, loads } = createThings()
    const load = (): Promise<Thing> => Promise.reject(new Error('away'))
    await expect(cache.acquire('a', { load, keepAlive, clock })).rejects.toThrow('away')
    expect((await acquire('a')).value.name).toBe('a')
    expect(loads).toEqual(['a'])
  })

  it('gives up a load that hangs, and frees what comes of it after all', async () => {
    const { cache, acquire, freed } = createThings({ loadTimeoutMs: 5 })
    const late = { name: 'late', isFreed: false }
    let arrive = (): void => {}
    const load = (): Promise<Thing> =>
      new Promise((resolve) => {
        arrive = () => resolve(late)
      })
    await expect(cache.acquire('a', { load, keepAlive, clock })).rejects.toThrow('No answer')
    expect((await acquire('a')).value.name).toBe('a')
    arrive()
    await Promise.resolve()
    expect(late.isFreed).toBe(true)
    expect(freed()).toEqual([])
  })
})
