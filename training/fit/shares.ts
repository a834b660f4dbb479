// Minutes for several fits, one after the other: each gets an equal share of what those before it left.

export interface Shares {
  /** Minutes that the next may take. */
  next(): number
}

export function createShares(
  minutes: number,
  count: number,
  nowMs: () => number = () => performance.now(),
): Shares {
  const endMs = nowMs() + minutes * 60_000
  let waiting = count
  return {
    next() {
      const left = Math.max(0, endMs - nowMs()) / 60_000
      const share = left / Math.max(1, waiting)
      waiting -= 1
      return share
    },
  }
}
