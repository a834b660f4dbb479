// What is learned of text attributes: which n-grams count, and how rare each is. Documents are what users or items
// have in an attribute, each once; samples of them are kept, and counted at the end.
import type { Attributes } from '../../features/attributes.ts'
import { hashOfPacked, idfByte, packNgram } from '../../features/kept-ngrams.ts'
import type { KeptNgrams } from '../../features/kept-ngrams.ts'
import type { AttributeOrigin, TextFeature } from '../../features/manifest.ts'
import { readNgrams, TEXT_READ_MAX } from '../../features/ngrams.ts'
import type { NgramKind } from '../../features/ngrams.ts'
import type { Attribute } from '../../features/project.ts'
import type { Random } from '../../features/random.ts'
import { countValue } from './count-values.ts'
import { FEATURE_SIZES } from './feature-sizes.ts'
import { createReservoir } from './reservoir.ts'

/** A text attribute and a sample of what stands in it. */
export interface SeenText {
  readonly name: string
  readonly origin: AttributeOrigin
  readonly documents: readonly string[]
}

export interface TextStatistics {
  /** Whatever was known of one user or item: a text counts once. */
  seeTexts(versions: readonly Attributes[]): void
  readonly texts: readonly SeenText[]
}

/** Samples documents of these attributes. */
export function createTextStatistics(
  declared: Readonly<Record<string, Attribute>>,
  { origin, random }: { readonly origin: AttributeOrigin; readonly random: Random },
): TextStatistics {
  const sampled = Object.entries(declared)
    .filter(([, { kind }]) => kind === 'text')
    .map(([name]) => ({
      name,
      sample: createReservoir<string>(FEATURE_SIZES.ngrams.documentsMax, random.fork(`text/${name}`)),
    }))
  return {
    seeTexts(versions) {
      for (const { name, sample } of sampled) {
        const texts = new Set(
          versions.flatMap(({ [name]: text }) => (typeof text === 'string' ? [text] : [])),
        )
        for (const text of texts) sample.offer(() => text.slice(0, TEXT_READ_MAX))
      }
    },
    texts: sampled.map(({ name, sample }) => ({ name, origin, documents: sample.kept })),
  }
}

/** The features of all texts of a project, whose n-grams share the room by how many documents have them. */
export function learnTexts(seen: readonly SeenText[]): TextFeature[] {
  const { words, pairs, pieces } = FEATURE_SIZES.ngrams
  const kept = seen.map(() => new Map<number, number>())
  const isKnown = (text: number) => (hash: number) => kept[text]?.has(hash) === true
  keep('word', words)
  keep('pair', pairs)
  keep('piece', pieces)
  return seen.map(({ name, origin, documents }, text) => ({
    name,
    origin,
    buckets: FEATURE_SIZES.textBuckets,
    wordsMax: FEATURE_SIZES.textWordsMax,
    ngrams: packed(kept[text] ?? new Map<number, number>(), documents),
  }))

  /** Those in most documents; pieces are of words that are not kept. */
  function keep(kind: NgramKind, sizeMax: number): void {
    const counted = seen.flatMap(({ documents }, text) =>
      Array.from(countDocuments(documents, { kind, isKnown: isKnown(text) }), ([hash, count]) => {
        return { text, hash, count }
      }),
    )
    const frequent = counted
      .filter(({ text, hash, count }) => count >= FEATURE_SIZES.ngrams.countMin && !isKnown(text)(hash))
      .toSorted((a, b) => b.count - a.count || a.text - b.text || a.hash - b.hash)
    for (const { text, hash, count } of frequent.slice(0, sizeMax)) kept[text]?.set(hash, count)
  }
}

interface Counted {
  readonly kind: NgramKind
  readonly isKnown: (hash: number) => boolean
}

/** In how many documents each n-gram of a kind is. */
function countDocuments(documents: readonly string[], { kind, isKnown }: Counted): Map<number, number> {
  const counts = new Map<number, number>()
  for (const document of documents) {
    const own = new Set<number>()
    readNgrams(document, {
      // No pieces are asked for where others are counted.
      isKnown: kind === 'piece' ? isKnown : () => true,
      tell: (hash, told) => {
        if (told === kind) own.add(hash)
      },
    })
    for (const hash of own) countValue(counts, hash)
  }
  return counts
}

function packed(kept: ReadonlyMap<number, number>, documents: readonly string[]): KeptNgrams | undefined {
  if (kept.size === 0) return undefined
  const numbers = Array.from(kept, ([hash, count]) => packNgram(hash, idfByte(count, documents.length)))
  const rising = Uint32Array.from(numbers).toSorted()
  const bytes = Buffer.alloc(4 * rising.length)
  for (const [place, number] of rising.entries()) bytes.writeUInt32LE(number, 4 * place)
  return {
    packed: bytes.toString('base64'),
    placesMax: Math.min(
      FEATURE_SIZES.ngrams.placesMax,
      placesNeeded(documents, new Set([...rising].map(hashOfPacked))),
    ),
  }
}

/** The most different n-grams that a document has among these. */
function placesNeeded(documents: readonly string[], kept: ReadonlySet<number>): number {
  return documents.reduce((most, document) => {
    const own = new Set<number>()
    readNgrams(document, {
      isKnown: (hash) => kept.has(hash),
      tell: (hash) => {
        if (kept.has(hash)) own.add(hash)
      },
    })
    return Math.max(most, own.size)
  }, 1)
}
