// Who belongs to a share of the users: the same user always, and whoever is in stays in as the share grows.
import { hashText } from './hash.ts'

/**
 * Where a user falls in [0, 1), evenly spread.
 * @param salt of another salt, users fall independently
 */
export function placeOf(userId: string, salt: string): number {
  return avalanche(hashText(`${salt}/${userId}`)) / 0x1_0000_0000
}

/** Whether a user belongs to the first `share` of all, from 0 to 1. */
export function isWithinShare(
  userId: string,
  { salt, share }: { readonly salt: string; readonly share: number },
): boolean {
  return placeOf(userId, salt) < share
}

/** The last step of MurmurHash3: without it, ids that differ in their last letter would lie side by side. */
function avalanche(hash: number): number {
  let mixed = hash
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
