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

/** How many letters must be put in, taken out or changed (Levenshtein). */
function distanceOf(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (const [i, letter] of Array.from(left).entries()) {
    const next = [i + 1]
    for (const [j, other] of Array.from(right).entries()) {
      const replaced = (row[j] ?? 0) + (letter === other ? 0 : 1)
      next.push(Math.min(replaced, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1))
    }
    row = next
  }
  return row[right.length] ?? 0
}
