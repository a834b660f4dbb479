// Lists as people read them on a terminal.

export interface TableOptions {
  /** So wide at most: cells go on in further lines. As wide as it takes where absent. */
  readonly widthMax?: number
}

const GAP = '  '

/** Columns as wide as their widest cell, two spaces between. */
export function tableOf(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  { widthMax = Infinity }: TableOptions = {},
): string {
  const lines = [head, ...rows]
  const widths = fitting(
    head.map((_, column) => Math.max(...lines.map((line) => (line[column] ?? '').length))),
    widthMax,
  )
  return lines.flatMap((line) => linesOf(line, widths)).join('\n')
}

/** The widest columns give way, as far as they must. */
function fitting(wanted: readonly number[], widthMax: number): number[] {
  const room = widthMax - GAP.length * (wanted.length - 1)
  let widths = [...wanted]
  while (widths.reduce((sum, width) => sum + width, 0) > room && Math.max(...widths) > 1) {
    const widest = widths.indexOf(Math.max(...widths))
    widths = widths.with(widest, (widths[widest] ?? 0) - 1)
  }
  return widths
}

function linesOf(cells: readonly string[], widths: readonly number[]): string[] {
  const wrapped = widths.map((width, column) => wrap(cells[column] ?? '', width))
  const height = Math.max(...wrapped.map((parts) => parts.length))
  return Array.from({ length: height }, (_, line) =>
    widths
      .map((width, column) => (wrapped[column]?.[line] ?? '').padEnd(width))
      .join(GAP)
      .trimEnd(),
  )
}

/** A text in lines of at most so many characters; a word that is longer is cut. */
export function wrap(text: string, width: number): string[] {
  const words = text.split(' ').flatMap((word) => pieces(word, width))
  const lines = ['']
  for (const word of words) {
    const last = lines.at(-1) ?? ''
    const joined = last === '' ? word : `${last} ${word}`
    if (joined.length <= width) lines[lines.length - 1] = joined
    else lines.push(word)
  }
  return lines
}

function pieces(word: string, width: number): string[] {
  return word.length <= width ? [word] : [word.slice(0, width), ...pieces(word.slice(width), width)]
}

/** A day and minute in UTC: '2026-11-25 10:04'. */
export function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')
}
