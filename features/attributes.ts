// What is known of a user or an item beside events: values by name, as versions in time. A version is
// whole: it replaces the one before. One without a value is how something is forgotten.

/** Values of attributes, by attribute name. `null` and absence both mean missing. */
export type Attributes = Readonly<Record<string, string | number | null>>

/** What was known of a user or an item from a moment on. */
export interface AttributeVersion {
  /** Unix milliseconds; UNDATED_MS where nobody says since when. */
  readonly knownAt: number
  readonly attributes: Attributes
}

/** Versions of one user or item by rising knownAt, at most one a moment. */
export type Versions = readonly AttributeVersion[]

/** The knownAt of what came without a time: it is taken as known ever since. */
export const UNDATED_MS = 0

const NOTHING: Attributes = {}

/** What was known at a moment: the attributes of the latest version by then; none where there is none. */
export function attributesAt(versions: Versions, atMs: number): Attributes {
  let [low, high] = [0, versions.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((versions[middle]?.knownAt ?? Infinity) <= atMs) low = middle + 1
    else high = middle
  }
  return versions[low - 1]?.attributes ?? NOTHING
}

/** Attributes without a time, as versions; none where they are absent. */
export function undated(attributes: Attributes | undefined): Versions {
  return attributes === undefined ? [] : [{ knownAt: UNDATED_MS, attributes }]
}
