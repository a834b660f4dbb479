import { describe, expect, it } from 'vitest'
import { hashOfPacked, idfByte, idfOfPacked, unpackNgrams } from '../../../features/kept-ngrams.ts'
import { readNgrams } from '../../../features/ngrams.ts'
import type { NgramKind } from '../../../features/ngrams.ts'
import { text } from '../../../features/project.ts'
import { createRandom } from '../../../features/random.ts'
import { FEATURE_SIZES } from '../../../training/learn/feature-sizes.ts'
import { createTextStatistics, learnTexts } from '../../../training/learn/text-statistics.ts'
import type { SeenText } from '../../../training/learn/text-statistics.ts'

const ENOUGH = FEATURE_SIZES.ngrams.countMin

function seenOf(documents: readonly string[], name = 'title'): SeenText {
  return { name, origin: 'item', documents }
}

/** By hash, the inverse document frequencies that are learned. */
function learned(documents: readonly string[]): ReadonlyMap<number, number> {
  const { ngrams } = learnTexts([seenOf(documents)])[0] ?? {}
  const unpacked = unpackNgrams(ngrams ?? { packed: '', placesMax: 1 })
  if (!unpacked.ok) throw new Error(unpacked.reason)
  return new Map(Array.from(unpacked.value, (packed) => [hashOfPacked(packed), idfOfPacked(packed)]))
}

function hashesOf(read: string, kind: NgramKind): number[] {
  const hashes: number[] = []
  readNgrams(read, { isKnown: () => false, tell: (hash, told) => void (told === kind && hashes.push(hash)) })
  return hashes
}

const repeated = (count: number, document: string) => Array.from({ length: count }, () => document)

describe('learnTexts', () => {
  it('keeps words and pairs of enough documents, each rarer the fewer have it', () => {
    const kept = learned([
      ...repeated(ENOUGH, 'red shoe'),
      ...repeated(ENOUGH + 4, 'red hat'),
      ...repeated(ENOUGH - 1, 'lone wolf'),
    ])
    const idf = (word: string) => kept.get(hashesOf(word, 'word')[0] ?? -1) ?? Number.NaN
    expect(idf('shoe')).toBeGreaterThan(idf('hat'))
    expect(idf('hat')).toBeGreaterThan(idf('red'))
    expect(idf('wolf')).toBeNaN()
    expect(kept.has(hashesOf('red shoe', 'pair')[0] ?? -1)).toBe(true)
    expect(kept.has(hashesOf('lone wolf', 'pair')[0] ?? -1)).toBe(false)
    const documents = 3 * ENOUGH + 3
    expect(idf('shoe')).toBe(idfByte(ENOUGH, documents) / 16)
  })

  it('keeps pieces of words that are too rare to be kept', () => {
    const kept = learned(['schuhe', 'schuhen', 'schuhes', 'schuher', ...repeated(ENOUGH, 'hut')])
    const [begins = -1] = hashesOf('schuhe', 'piece')
    expect(kept.has(begins)).toBe(true)
    expect(hashesOf('hut', 'piece').some((piece) => kept.has(piece))).toBe(false)
  })

  it('learns nothing of no documents, or of none with a word', () => {
    for (const documents of [[], ['', '!!']]) {
      expect(learnTexts([seenOf(documents)])[0]?.ngrams).toBeUndefined()
    }
  })

  it('has as many places as a document needs, but no more than its bound', () => {
    const places = (document: string) =>
      learnTexts([seenOf(repeated(ENOUGH, document))])[0]?.ngrams?.placesMax
    expect(places('a red shoe')).toBe(5)
    const long = Array.from({ length: 2 * FEATURE_SIZES.ngrams.placesMax }, (_, place) => `w${place}`)
    expect(places(long.join(' '))).toBe(FEATURE_SIZES.ngrams.placesMax)
  })

  it('shares the room between texts by how many documents have an n-gram', () => {
    const rare = Array.from({ length: FEATURE_SIZES.ngrams.words }, (_, place) => `r${place}`).join(' ')
    const [one, other] = learnTexts([
      seenOf(repeated(ENOUGH, rare.slice(0, 4_000))),
      seenOf(repeated(ENOUGH + 1, 'a'), 'other'),
    ])
    expect(other?.ngrams?.packed).not.toBe(undefined)
    expect(one?.ngrams).toBeDefined()
  })
})

describe('createTextStatistics', () => {
  it('takes a text of a user once, however often it was known', () => {
    const statistics = createTextStatistics({ about: text() }, { origin: 'user', random: createRandom(1) })
    statistics.seeTexts([{ about: 'a' }, { about: 'b' }, { about: 'a' }, { about: null }, {}])
    expect(statistics.texts).toEqual([{ name: 'about', origin: 'user', documents: ['a', 'b'] }])
  })
})
