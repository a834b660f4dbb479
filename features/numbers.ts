// Numbers as model inputs: standardised, with a flag for missing ones, and piecewise linear between
// quantiles (Gorishniy et al., "On Embeddings for Numerical Features in Tabular Deep Learning", 2022).
import type { AttributeNumber } from './manifest.ts'

/** How many input numbers an attribute takes: standardised value, missing flag, one per interval. */
export function numberWidth(feature: AttributeNumber): number {
  return 2 + Math.max(0, feature.boundaries.length - 1)
}

/** Centres and scales; a constant gives 0. Far outliers are held at ±10 deviations. */
export function standardise(
  value: number,
  by: { readonly mean: number; readonly deviation: number },
): number {
  if (by.deviation === 0) return 0
  return Math.max(-10, Math.min(10, (value - by.mean) / by.deviation))
}

/**
 * Writes an attribute at `offset`: standardised value, missing flag, then how far the value has
 * passed each interval, from 0 to 1. A missing value is all zeros but for its flag.
 */
export function writeNumber(
  output: Float32Array,
  offset: number,
  { feature, value }: { readonly feature: AttributeNumber; readonly value: unknown },
): void {
  if (typeof value !== 'number' || !Number.isFinite(value)) {
    output[offset + 1] = 1
    return
  }
  output[offset] = standardise(value, feature)
  for (let interval = 0; interval + 1 < feature.boundaries.length; interval += 1) {
    const low = feature.boundaries[interval] ?? 0
    const high = feature.boundaries[interval + 1] ?? 0
    output[offset + 2 + interval] = sharePassed(value, { low, high })
  }
}

function sharePassed(value: number, { low, high }: { readonly low: number; readonly high: number }): number {
  const width = high - low
  // An interval can be wider than the greatest number there is.
  if (width === Infinity) return sharePassed(value / 2, { low: low / 2, high: high / 2 })
  return Math.max(0, Math.min(1, (value - low) / width))
}
