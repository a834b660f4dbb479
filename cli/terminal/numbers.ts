// Numbers given on the command line.
import { InvalidArgumentError } from 'commander'

/** Throws commander's InvalidArgumentError unless the text is a whole number above 0. */
export function parseCount(text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 1)
    throw new InvalidArgumentError('Expected a whole number above 0.')
  return count
}

/** Throws commander's InvalidArgumentError unless the text is a whole number above 1. */
export function parseFoldCount(text: string): number {
  const count = Number(text)
  if (!Number.isSafeInteger(count) || count < 2) {
    throw new InvalidArgumentError('Expected a whole number above 1.')
  }
  return count
}

/** Throws commander's InvalidArgumentError unless the text is a number above 0. */
export function parseMinutes(text: string): number {
  const minutes = Number(text)
  if (!Number.isFinite(minutes) || minutes <= 0) throw new InvalidArgumentError('Expected a number above 0.')
  return minutes
}

/** Throws commander's InvalidArgumentError unless the text is a whole number from 0 on. */
export function parseSeed(text: string): number {
  const seed = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(seed) || seed < 0) {
    throw new InvalidArgumentError('Expected a whole number from 0 on.')
  }
  return seed
}

/** Throws commander's InvalidArgumentError unless the text is numbers between 0 and 1, with commas. */
export function parseShares(text: string): number[] {
  const shares = text.split(',').map((share) => (share.trim() === '' ? Number.NaN : Number(share)))
  if (shares.some((share) => !(share > 0 && share < 1))) {
    throw new InvalidArgumentError('Expected numbers between 0 and 1, as 0.1,0.3.')
  }
  return [...new Set(shares)]
}
