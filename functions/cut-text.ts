// Shortening what callers sent, to show it or to keep it.

/** The first `lengthMax` UTF-16 units; one fewer where that would part a surrogate pair. */
export function cutText(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text
  const last = text.charCodeAt(lengthMax - 1)
  const isParted = last >= 0xd800 && last <= 0xdbff
  return text.slice(0, isParted ? lengthMax - 1 : lengthMax)
}
