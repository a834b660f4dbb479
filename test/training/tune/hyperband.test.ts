import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashText } from '../../../features/hash.ts'
import type { Settings } from '../../../training/models/family.ts'
import { byFactors, oneOf } from '../../../training/models/search-space.ts'
import { search, sharesFor } from '../../../training/tune/hyperband.ts'

const own = { depth: 1, rate: 1, other: 'kept' }
const space = { depth: oneOf([1, 2, 3, 4]), rate: oneOf([1, 2, 3, 4]) }
const shares = [1 / 9, 1 / 3, 1]

/** A world in which every setting has a loss of its own; on fewer examples all lose more. */
function lossIn(world: number, settings: Settings): number {
  return hashText(`${world} ${String(settings['depth'])} ${String(settings['rate'])}`) / 2 ** 32
}

interface Told {
  readonly index: number
  readonly settings: Settings
  readonly share: number
}

async function searched(world: number, { seed, trialsMax = Infinity }: { seed: number; trialsMax?: number }) {
  const told: Told[] = []
  await search({
    own,
    space,
    seed,
    shares,
    run: async ({ index, settings }, share) => {
      if (told.length >= trialsMax) return undefined
      told.push({ index, settings, share })
      // Trials end in another order than they begin.
      for (let turn = 0; turn < hashText(`${index}`) % 5; turn += 1) await Promise.resolve()
      return lossIn(world, settings) + 1 - share
    },
  })
  return told
}

function everySetting(): Settings[] {
  return [1, 2, 3, 4].flatMap((depth) => [1, 2, 3, 4].map((rate) => ({ ...own, depth, rate })))
}

describe('search', () => {
  it('finds the best of a world that it can exhaust', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), fc.nat(1000), async (world, seed) => {
        const complete = (await searched(world, { seed })).filter(({ share }) => share === 1)
        const found = Math.min(...complete.map(({ settings }) => lossIn(world, settings)))
        expect(found).toBe(Math.min(...everySetting().map((settings) => lossIn(world, settings))))
      }),
      { numRuns: 50 },
    )
  })

  it('begins with the settings that there were, on all examples, and changes only what the space names', async () => {
    const [first, ...others] = await searched(1, { seed: 1 })
    expect(first).toEqual({ index: 0, settings: own, share: 1 })
    for (const { settings } of others) expect(settings).toMatchObject({ other: 'kept' })
  })

  it('tries the same where it is run again, however long, and never the same twice', async () => {
    const [long, short] = [await searched(3, { seed: 7 }), await searched(3, { seed: 7, trialsMax: 9 })]
    expect(short).toEqual(long.slice(0, 9))
    const keys = long.map(({ settings, share }) => JSON.stringify([settings, share]))
    expect(new Set(keys).size).toBe(keys.length)
    expect(await searched(3, { seed: 8 })).not.toEqual(long)
  })

  it('gives more examples to a third of those that had fewer, the better ones, and none that failed', async () => {
    const told: Told[] = []
    await search({
      own,
      space: { rate: byFactors({ from: 1, to: 100 }) },
      seed: 1,
      shares,
      run: ({ index, settings }, share) => {
        if (told.length >= 23) return Promise.resolve(undefined)
        told.push({ index, settings, share })
        return Promise.resolve(Number(settings['rate']) > 20 ? Infinity : Number(settings['rate']))
      },
    })
    const rates = (share: number, first: number): number[] =>
      told
        .filter((one) => one.share === share && one.index >= first && one.index <= 9)
        .map(({ settings }) => Number(settings['rate']))
    expect(rates(1 / 9, 1)).toHaveLength(9)
    const best = rates(1 / 9, 1)
      .filter((rate) => rate <= 20)
      .toSorted((a, b) => a - b)
    expect(rates(1 / 3, 1)).toEqual(best.slice(0, 3))
    expect(rates(1, 1)).toEqual(best.slice(0, 1))
  })
})

describe('sharesFor', () => {
  it('takes no share of which too few examples are left', () => {
    expect(sharesFor(100_000)).toEqual(shares)
    expect(sharesFor(2_000)).toEqual([1 / 3, 1])
    expect(sharesFor(300)).toEqual([1])
  })
})
