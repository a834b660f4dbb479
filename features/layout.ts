// The layout of the encoded inputs: which span of which input is which named feature, and how it reads
// where the feature says nothing. What looks at features one by one (reasons, trees, tables) reads it.
import { createCategoryEncoder } from './categories.ts'
import { inputSpecs } from './encode.ts'
import { numberWidth } from './numbers.ts'
import type { Features } from './manifest.ts'
import { vectorWidth } from './vectors.ts'
import { cycleMsOf } from './windows.ts'

export interface FeatureSpan {
  /** Unique: 'user.plan', 'history.moments:view:7d', 'sequence'. */
  readonly name: string
  /** What a person would call one thing: the attribute, the type of event, the sequence. */
  readonly group: string
  /** Name of the input. */
  readonly input: string
  /** First place in the row of the input, and how many. */
  readonly from: number
  readonly length: number
  /** How the span reads where the feature is missing or average; of a sequence, where there is no event. */
  readonly baseline: readonly number[]
}

/** The spans of all features, which cover every number of every input once. */
export function layoutOf(features: Features): FeatureSpan[] {
  return [
    ...sequenceSpans(features),
    ...numberSpans(features),
    ...categorySpans(features),
    ...textSpans(features),
  ]
}

function sequenceSpans(features: Features): FeatureSpan[] {
  const names = ['types', 'items', 'gaps', 'itemCategories']
  return inputSpecs(features)
    .filter(({ name }) => names.includes(name))
    .map(({ name, shape }) => {
      const length = shape.reduce((product, size) => product * size, 1)
      return {
        name: `sequence.${name}`,
        group: 'sequence',
        input: name,
        from: 0,
        length,
        baseline: zeros(length),
      }
    })
}

function numberSpans({ historyNumbers, attributeNumbers, vectors }: Features): FeatureSpan[] {
  const spans = historyNumbers.map(({ name }, from) => ({
    name: `history.${name}`,
    group: `history.${historyGroup(name)}`,
    input: 'numbers',
    from,
    length: 1,
    baseline: [0],
  }))
  let from = historyNumbers.length
  for (const feature of attributeNumbers) {
    const length = numberWidth(feature)
    const name = `${feature.origin}.${feature.name}`
    // Missing: all zeros but for the flag.
    const baseline = zeros(length).map((zero, place) => (place === 1 ? 1 : zero))
    spans.push({ name, group: name, input: 'numbers', from, length, baseline })
    from += length
  }
  for (const feature of vectors) {
    const group = `${feature.origin}.${feature.name}`
    for (let place = 0; place < vectorWidth(feature); place += 1) {
      // Missing: all zeros but for the flag, which comes first.
      const [name, baseline] = place === 0 ? [`${group}:missing`, [1]] : [`${group}:${place}`, [0]]
      spans.push({ name, group, input: 'numbers', from, length: 1, baseline })
      from += 1
    }
  }
  return spans
}

/**
 * The type of event, whatever stands in its name; 'any' for all together, 'calendar' for the hour and the day of
 * the week. Names are 'moments:view:7d', 'recency:view', 'age'.
 */
function historyGroup(name: string): string {
  if (cycleMsOf(name) !== undefined) return 'calendar'
  const [, kind, rest = name] = /^(.*?):(.*)$/s.exec(name) ?? []
  return kind === undefined || kind === 'recency' ? rest : rest.replace(/:[^:]*$/, '')
}

function categorySpans({ categories }: Features): FeatureSpan[] {
  const encode = createCategoryEncoder(categories)
  return categories.map(({ origin, name }, from) => ({
    name: `${origin}.${name}`,
    group: origin === 'recent' ? 'recent' : `${origin}.${name}`,
    input: 'categories',
    from,
    length: 1,
    baseline: [encode(from, null)],
  }))
}

/** A text is read by its words, and by its n-grams with their weights. */
function textSpans(features: Features): FeatureSpan[] {
  const inputs = inputSpecs(features).filter(({ name }) => Object.hasOwn(TEXT_ENDINGS, name))
  return features.texts.flatMap(({ origin, name }, place) =>
    inputs.map(({ name: input, shape: [, length = 0] }) => ({
      name: `${origin}.${name}${TEXT_ENDINGS[input] ?? ''}`,
      group: `${origin}.${name}`,
      input,
      from: place * length,
      length,
      baseline: zeros(length),
    })),
  )
}

/** What the names of spans end in, by input. */
const TEXT_ENDINGS: Readonly<Record<string, string>> = {
  words: '',
  ngrams: '.ngrams',
  ngramWeights: '.ngramWeights',
}

function zeros(length: number): number[] {
  return Array.from({ length }, () => 0)
}
