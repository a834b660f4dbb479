// What answers are explained beside: somebody typical. Of each attribute the commonest value, or none where most
// have none, as the manifest's reference counts them; average counts; no events. What nobody was seen with, such
// as a missing value of what was never missing, a model knows nothing about.
import { categoryIdCount } from '../categories.ts'
import { layoutOf } from '../layout.ts'
import type { FeatureSpan } from '../layout.ts'
import type { Features, Manifest } from '../manifest.ts'
import { numberWidth, writeNumber } from '../numbers.ts'

/** The spans of the layout as they read of somebody typical; as in the layout where there is no reference. */
export function typicalSpans({
  features,
  reference,
}: Pick<Manifest, 'features' | 'reference'>): FeatureSpan[] {
  const typical = new Map([
    ...typicalNumbers(features),
    ...typicalCategories(features),
    ...typicalVectors(features),
  ])
  return layoutOf(features).map((span) => {
    // What is counted of a vector is counted of all its spans.
    const counts = reference?.inputs[span.name] ?? reference?.inputs[span.group] ?? []
    const baseline = typical.get(span.name)?.(counts)
    return baseline === undefined ? span : { ...span, baseline }
  })
}

/** From how often each bin of a feature came (features/input-bins.ts) to how it mostly reads. */
type Typical = (counts: readonly number[]) => number[] | undefined

/** Missing where most are, which is the first bin; else the mean. */
function typicalNumbers({ attributeNumbers }: Features): [string, Typical][] {
  return attributeNumbers.map((feature) => [
    `${feature.origin}.${feature.name}`,
    ([missing = 0, ...present]) => {
      if (missing >= present.reduce((sum, count) => sum + count, 0)) return undefined
      const written = new Float32Array(numberWidth(feature))
      writeNumber(written, 0, { feature, value: feature.mean })
      return [...written]
    },
  ])
}

/** Likewise; of a vector the mean is all zeros. */
function typicalVectors({ vectors }: Features): [string, Typical][] {
  return vectors.map(({ origin, name }) => [
    `${origin}.${name}:missing`,
    ([missing = 0, ...present]) =>
      missing >= present.reduce((sum, count) => sum + count, 0) ? undefined : [0],
  ])
}

/**
 * Likewise the commonest value. The bins of a category are its ids, but for the last where there are many values: all
 * others share it, so that none of them is common.
 */
function typicalCategories({ categories }: Features): [string, Typical][] {
  return categories.map(({ origin, name, values }, place) => [
    `${origin}.${name}`,
    (counts) => {
      const isShared = categoryIdCount([{ origin, name, values }]) > counts.length
      const [missing = 0, ...present] = counts
      if (missing >= present.reduce((sum, count) => sum + count, 0)) return undefined
      const named = isShared ? present.slice(0, -1) : present
      return [categoryIdCount(categories.slice(0, place)) + 1 + named.indexOf(Math.max(...named))]
    },
  ])
}
