/** No row of a text file is longer. */
export const LINE_BYTES_MAX = 1_000_000

/** What is said of a row that is. */
export const LINE_WITHIN = `at most ${LINE_BYTES_MAX} bytes`

/** Whether the database says so of a line. */
export function isTooLong(message: string): boolean {
  return /maximum line size/i.test(message)
}
