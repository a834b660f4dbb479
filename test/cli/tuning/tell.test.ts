import { describe, expect, it } from 'vitest'
import { describeSearch } from '../../../cli/tuning/tell.ts'
import { judgeSearch } from '../../../training/tune/verdict.ts'
import type { Contender } from '../../../training/tune/verdict.ts'

const own: Contender = { trial: 0, settings: { rate: 1 }, loss: 0.5, gain: 0, standardError: 0 }

function ending(...contenders: readonly Contender[]): string | undefined {
  const verdict = judgeSearch(contenders, { tried: contenders.length - 1 })
  if (verdict === undefined) throw new Error('Expected a verdict')
  const { settings } = verdict.best
  return describeSearch({ family: 'trees', verdict, settings, trials: 4, searchedSeconds: 90 }).at(-1)
}

function other(gain: number, standardError = 0.01): Contender {
  return { trial: 3, settings: { rate: 2 }, loss: 0.5 - gain, gain, standardError }
}

describe('describeSearch', () => {
  it('tells a gain from chance, from none, and from a search that came to nothing', () => {
    expect(ending(own, other(0.02))).toMatch(
      /^more than the 0\.0164 that the best of 1 gains by chance: rate 2$/,
    )
    expect(ending(own, other(0.01))).toMatch(/^within the 0\.0164 .* nothing is changed$/)
    expect(ending(own, other(-0.01))).toMatch(/nothing better was found, nothing is changed$/)
    expect(ending(own)).toMatch(/no others came to all examples in time: give more \(--minutes\)$/)
    expect(ending(other(0))).toMatch(/^the project's own settings fail; .*: rate 2$/)
  })
})
