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

/** Throws commander's InvalidArgumentError unless the text is a whole number from 0 on. */
export function parseSeed(text: string): number {
  const seed = Number(text)
  if (text.trim() === '' || !Number.isSafeInteger(seed) || seed < 0) {
    throw new InvalidArgumentError('Expected a whole number from 0 on.')
  }
  return seed
}
