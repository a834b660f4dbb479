// What of an error is logged. Messages of errors from elsewhere may repeat what they met, such as the
// text that is not JSON or the parameters of a query: users' data. Only those of errors that are made to be
// logged are kept.
import { StorageError } from '../db/storage-error.ts'
import { BundleError } from '../inference/bundle-error.ts'

/** One line: the message where it is known to hold no data, else the kind of the error and its place. */
export function describeError(error: unknown): string {
  const isOwn = [StorageError, BundleError].some((kind) => error instanceof kind)
  if (isOwn && error instanceof Error) return error.message
  if (!(error instanceof Error)) return `threw ${typeof error}`
  // The stack begins with the message, whose lines may look like places.
  const stack = (error.stack ?? '').replace(error.message, () => '')
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
  return [error.name, ...frames.map((frame) => frame.trim())].join(' ')
}
