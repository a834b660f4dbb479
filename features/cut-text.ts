// Shortening texts, to show them or to keep them.

/** The first `lengthMax` UTF-16 units; one fewer where that would part a surrogate pair. */
export function cutText(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text
  const last = text.charCodeAt(lengthMax - 1)
  const isParted = last >= 0xd800 && last <= 0xdbff
  return text.slice(0, isParted ? lengthMax - 1 : lengthMax)
}

/** As much of a text as a service takes that keeps it: without what neither D1 nor JSON would keep (limits.ts). */
export function storableText(text: string, lengthMax: number): string {
  return cutText(text.toWellFormed().replaceAll('\0', ''), lengthMax)
}
