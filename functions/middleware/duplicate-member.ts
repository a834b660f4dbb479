// Members that one object of a JSON text names twice. JSON.parse takes the last, other readers the first, and
// nobody knows which was meant.

const QUOTE = 0x22
const BACKSLASH = 0x5c
const OPEN = 0x7b
const CLOSE = 0x7d
const COLON = 0x3a
const SPACE = 0x20

/** The name of the first one, at any depth; undefined where there is none. The text need not be valid. */
export function findDuplicateMember(text: string): string | undefined {
  const open: Set<string>[] = []
  for (let at = 0; at < text.length; at += 1) {
    const mark = text.charCodeAt(at)
    if (mark === OPEN) open.push(new Set())
    else if (mark === CLOSE) open.pop()
    else if (mark === QUOTE) {
      const end = endOfString(text, at)
      if (isName(text, end)) {
        const name = unescaped(text.slice(at, end))
        const names = open.at(-1)
        if (names?.has(name) === true) return name
        names?.add(name)
      }
      at = end - 1
    }
  }
  return undefined
}

/** The place after the closing quote, or the end of the text. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes += 1
    if (slashes % 2 === 0) return end + 1
  }
  return text.length
}

/** Whether the string that ends here is followed by a colon: a value never is. */
function isName(text: string, end: number): boolean {
  let at = end
  // Blanks, tabs and ends of lines: nothing else in JSON comes before the space.
  while (text.charCodeAt(at) <= SPACE) at += 1
  return text.charCodeAt(at) === COLON
}

function unescaped(quoted: string): string {
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  try {
    return String(JSON.parse(quoted))
  } catch {
    return quoted.slice(1, -1)
  }
}
