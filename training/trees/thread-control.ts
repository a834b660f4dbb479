// The words between threads that sum histograms: whole numbers in shared memory.
import type { HistogramMemory } from './histogram.ts'

/** How many sums have been asked for, and how many are done. */
export const WANTED = 0
export const HAVE = 1
/** Which rows, and which histogram; then how many columns, and which. */
export const FROM = 2
export const TO = 3
export const SLOT = 4
export const COLUMNS = 5

export function controlLength(columns: number): number {
  return COLUMNS + 1 + columns
}

/** What a thread is started with. */
export interface ThreadStart {
  readonly memory: HistogramMemory
  readonly bins: readonly number[]
  readonly control: Int32Array
}
