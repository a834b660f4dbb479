// "Did you mean": the name that somebody may have had in mind.

/** The name that is the most like one that is not there; undefined where none is like it. */
export function nearestName(names: readonly string[], name: string): string | undefined {
  const ranked = names
    .filter((other) => other !== '')
    .map((other) => ({ other, distance: distanceOf(lettersOf(name), lettersOf(other)) }))
    .toSorted((a, b) => a.distance - b.distance)
  const [first] = ranked
  if (first === undefined) return undefined
  return first.distance <= Math.max(1, lettersOf(name).length / 3) ? first.other : undefined
}

function lettersOf(text: string): string {
  return text.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '')
}

/** How many letters must be put in, taken out, changed, or swapped with the next (optimal string alignment). */
function distanceOf(left: string, right: string): number {
  const [from, to] = [Array.from(left), Array.from(right)]
  let before: readonly number[] = []
  let row: readonly number[] = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (const [i, letter] of from.entries()) {
    const next = [i + 1]
    for (const [j, other] of to.entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      const swaps = i > 0 && j > 0 && letter === to[j - 1] && from[i - 1] === other
      const swapped = swaps ? (before[j - 1] ?? 0) + 1 : Infinity
      next.push(Math.min(replaced, swapped, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    before = row
    row = next
  }
  return row[to.length] ?? 0
}
