/** No row of a text file is longer. */
export const LINE_BYTES_MAX = 1_000_000
