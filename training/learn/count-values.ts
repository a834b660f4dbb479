// Counts values within a bound of memory, whatever stands in a column: an id taken for a category differs in
// every row.

/** As many texts as take some hundred MB. */
const COUNTED_MAX = 1_000_000

/**
 * Counts a value once more. Beyond `countedMax` values those seen once so far are forgotten, then those seen
 * twice and so on, until half the room is free: what is frequent stays, and may have lost a few counts.
 */
export function countValue<Value>(counts: Map<Value, number>, value: Value, countedMax = COUNTED_MAX): void {
  counts.set(value, (counts.get(value) ?? 0) + 1)
  for (let least = 1; counts.size > countedMax; least += 1) {
    for (const [name, count] of counts) {
      if (count <= least && counts.size > countedMax / 2) counts.delete(name)
    }
  }
}
