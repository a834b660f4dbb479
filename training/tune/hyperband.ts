// Which settings are tried on how many examples: many on few, the better third of them on three times as many,
// until the best have seen all (successive halving). What is good on few examples need not be the best on all, so
// some begin with more of them, and some with all (Li et al., "Hyperband", 2018). One cycle after the other, and
// in all but the first, half of what is tried lies near the best so far. Seeded: the same seed and the same losses
// give the same search, however many trials run at once.
import { createRandom } from '../../features/random.ts'
import type { Random } from '../../features/random.ts'
import type { Settings } from '../models/family.ts'
import { drawAnywhere, drawNear } from '../models/search-space.ts'
import type { SearchSpace } from '../models/search-space.ts'

export interface Trial {
  /** From 0, in the order of drawing; 0 has the settings that the search began with. */
  readonly index: number
  readonly settings: Settings
}

export interface SearchRequest {
  /** Of trial 0, which sees all examples before any other is tried; others differ in what the space names. */
  readonly own: Settings
  readonly space: SearchSpace
  readonly seed: number
  /** Of the examples, rising, 1 last. */
  readonly shares: readonly number[]
  /** Ends after so many cycles; then the end, too, depends on nothing but the seed and the losses. */
  readonly cyclesMax?: number | undefined
  /** Gives the loss, infinite where the trial failed; undefined once the search is over. */
  readonly run: (trial: Trial, share: number) => Promise<number | undefined>
}

/** One of so many goes on to the next share, which is so many times as large. */
export const KEPT_ONE_OF = 3
/** The fewest that begin together. */
const COUNT_MIN = 3
/** So often one is drawn again that was tried before; a cycle in which none is new is the last. */
const REDRAWN_MAX = 20

/** The shares that are at least so many examples: 1/9, 1/3, 1. */
export function sharesFor(count: number, { examplesMin = 500, rungsMax = 3 } = {}): number[] {
  const rungs = Array.from({ length: rungsMax }, (_, rung) => KEPT_ONE_OF ** (rung + 1 - rungsMax))
  return rungs.filter((share) => share === 1 || share * count >= examplesMin)
}

/** Runs until there is nothing new to try or the search is over. */
export async function search({
  own,
  space,
  seed,
  shares,
  cyclesMax = Infinity,
  run,
}: SearchRequest): Promise<void> {
  const tried = new Set([JSON.stringify(own)])
  const complete: { readonly trial: Trial; readonly loss: number }[] = []
  const first = { index: 0, settings: own }
  const loss = await run(first, 1)
  if (loss === undefined) return
  complete.push({ trial: first, loss })
  let count = 1
  for (let cycle = 0; cycle < cyclesMax; cycle += 1) {
    const random = createRandom(seed).fork(`cycle ${cycle}`)
    const best = complete.reduce((least, one) => (one.loss < least.loss ? one : least)).trial.settings
    const brackets = bracketsOf(shares.length).map((bracket) => ({
      ...bracket,
      trials: drawTrials(bracket.count, { random, near: cycle === 0 ? undefined : best }),
    }))
    if (brackets.every(({ trials }) => trials.length === 0)) return
    const ends = await Promise.all(brackets.map(({ rung, trials }) => climb(trials, rung)))
    if (ends.includes('over')) return
    complete.sort((a, b) => a.trial.index - b.trial.index)
  }

  function drawTrials(
    wanted: number,
    { random, near }: { readonly random: Random; readonly near: Settings | undefined },
  ): Trial[] {
    const trials: Trial[] = []
    for (let place = 0; place < wanted; place += 1) {
      const settings = drawNew(random, place % 2 === 0 ? undefined : near)
      if (settings === undefined) continue
      trials.push({ index: count, settings })
      count += 1
    }
    return trials
  }
  function drawNew(random: Random, near: Settings | undefined): Settings | undefined {
    for (let draw = 0; draw < REDRAWN_MAX; draw += 1) {
      const drawn = near === undefined ? drawAnywhere(space, random) : drawNear(space, near, random)
      const settings = { ...own, ...drawn }
      const text = JSON.stringify(settings)
      if (tried.has(text)) continue
      tried.add(text)
      return settings
    }
    return undefined
  }
  async function climb(trials: readonly Trial[], from: number): Promise<'over' | 'done'> {
    let standing = trials
    for (const share of shares.slice(from)) {
      const losses = await Promise.all(standing.map((trial) => run(trial, share)))
      if (losses.includes(undefined)) return 'over'
      const ranked = standing
        .map((trial, place) => ({ trial, loss: losses[place] ?? Infinity }))
        .filter((one) => Number.isFinite(one.loss))
        .toSorted((a, b) => a.loss - b.loss || a.trial.index - b.trial.index)
      if (share === 1) complete.push(...ranked)
      standing = ranked
        .slice(0, Math.max(1, Math.floor(standing.length / KEPT_ONE_OF)))
        .map(({ trial }) => trial)
    }
    return 'done'
  }
}

/** Where each bracket begins and with how many, so that each costs about the same. */
function bracketsOf(rungs: number): { readonly rung: number; readonly count: number }[] {
  return Array.from({ length: rungs }, (_, rung) => {
    const above = rungs - 1 - rung
    const count = Math.ceil((rungs / (above + 1)) * KEPT_ONE_OF ** above)
    return { rung, count: Math.max(COUNT_MIN, count) }
  })
}
