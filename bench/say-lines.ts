// A monitor for benchmarks: lines on stderr, so that stdout holds results alone, and no progress between.
import type { Monitor } from '../training/monitor.ts'

/** Each line begins with these words. */
export function sayLines(prefix: string): Monitor {
  return {
    say: (line) => process.stderr.write(`${prefix}: ${line}\n`),
    track: () => ({ advance: () => {}, done: () => {} }),
  }
}
