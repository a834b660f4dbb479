// Values as TypeScript is written in this repository, so that the formatter finds nothing to change.

/** A line of an object or a list; or lines that are only said. */
export type Entry =
  | { readonly name: string; readonly value: Written }
  | { readonly value: Written }
  | { readonly comment: string }
/** Code as it stands, or what lies between braces or brackets. */
export type Written = string | { readonly object: readonly Entry[] } | { readonly list: readonly Entry[] }

/** Lines are no longer than this. */
const WIDTH = 110

/** A text as a literal: in the quotes that need fewer escapes. */
export function literalOf(text: string): string {
  const [single, double] = [text.split("'").length, text.split('"').length]
  const quote = single > double ? '"' : "'"
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replaceAll('\u0001', '\\u0001')
  return quote + escaped.replaceAll(quote, `\\${quote}`) + quote
}

/** A name as the key of an object. */
export function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : literalOf(name)
}

export function write(written: Written, indent = 0): string {
  if (typeof written === 'string') return written
  const [open, close] = 'object' in written ? ['{', '}'] : ['[', ']']
  const entries = 'object' in written ? written.object : written.list
  if (entries.length === 0) return open + close
  const pad = ' '.repeat(indent + 2)
  const lines = entries.flatMap((entry): string[] => {
    if ('comment' in entry) return commentLines(entry.comment, indent + 2)
    const key = 'name' in entry ? `${keyOf(entry.name)}: ` : ''
    const value = write(entry.value, indent + 2)
    // The formatter breaks a line after its key where the value alone would fit.
    const isLong =
      typeof entry.value === 'string' && 'name' in entry && pad.length + key.length + value.length + 1 > WIDTH
    return [
      isLong && /^['"]/.test(value) ? `${pad}${key.trimEnd()}\n${pad}  ${value},` : `${pad}${key}${value},`,
    ]
  })
  return `${open}\n${lines.join('\n')}\n${' '.repeat(indent)}${close}`
}

/** Comment lines that fit, each beginning with //. */
export function commentLines(text: string, indent: number): string[] {
  const pad = `${' '.repeat(indent)}// `
  const lines: string[] = []
  let line = ''
  for (const word of text.replaceAll(/\s+/g, ' ').split(' ')) {
    if (line !== '' && pad.length + line.length + 1 + word.length > WIDTH) {
      lines.push(pad + line)
      line = word
    } else line = line === '' ? word : `${line} ${word}`
  }
  return [...lines, pad + line]
}

/** A list of texts on one line where it fits. */
export function textList(texts: readonly string[], room = WIDTH - 40): Written {
  const line = `[${texts.map(literalOf).join(', ')}]`
  return line.length <= room ? line : { list: texts.map((text) => ({ value: literalOf(text) })) }
}

/** An event's name as part of a task's name: 'clickout item' is clickoutItem. */
export function taskWord(name: string): string {
  const words = name
    .replaceAll(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== '')
    .map((word) => word.toLowerCase())
  const joined = words
    .map((word, index) => (index === 0 ? word : word.charAt(0).toUpperCase() + word.slice(1)))
    .join('')
  return /^[a-z]/.test(joined) ? joined : `event${joined}`
}
