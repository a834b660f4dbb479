// Lines on a terminal that are rewritten as things go on.
import type { ProgressStream } from './progress.ts'

export interface LiveLines {
  /** In place of those that were shown before. */
  show(lines: readonly string[]): void
  /** Takes them away, so that other lines can follow. */
  clear(): void
}

/** @param columns how wide the terminal is; longer lines would wrap and be counted wrongly, so they are cut */
export function createLiveLines(stream: ProgressStream, columns: () => number): LiveLines {
  let shown = 0
  const clear = (): void => {
    if (shown > 0) stream.write(`\r\u001B[${shown}A\u001B[J`)
    shown = 0
  }
  return {
    clear,
    show(lines) {
      clear()
      stream.write(lines.map((line) => `${line.slice(0, columns() - 1)}\n`).join(''))
      shown = lines.length
    },
  }
}
