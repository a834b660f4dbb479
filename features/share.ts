// Who belongs to a share of the users: the same user always, and whoever is in stays in as the share grows.
import { hashText, mixBits } from './hash.ts'

/**
 * Where a user falls in [0, 1), evenly spread.
 * @param salt of another salt, users fall independently
 */
export function placeOf(userId: string, salt: string): number {
  // Without mixing, ids that differ in their last letter would lie side by side.
  return mixBits(hashText(`${salt}/${userId}`)) / 0x1_0000_0000
}

/** Whether a user belongs to the first `share` of all, from 0 to 1. */
export function isWithinShare(
  userId: string,
  { salt, share }: { readonly salt: string; readonly share: number },
): boolean {
  return placeOf(userId, salt) < share
}
