// Tells a full disk from what else may fail in a local database: workerd keeps the cause to its own log and gives
// an "internal error" to whoever asked.
import { statfsSync } from 'node:fs'

const INTERNAL = /internal error/i
/** What a database needs to go on: its log grows by pieces of this size. */
const FREE_BYTES_MIN = 8 * 2 ** 20

/** Does the work; what fails for want of room in the folder is told as such. */
export async function withRoomIn<Outcome>(
  folder: string,
  work: () => Promise<Outcome>,
  bytesFree: (folder: string) => number = freeBytes,
): Promise<Outcome> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && INTERNAL.test(error.message) && bytesFree(folder) < FREE_BYTES_MIN)
      throw new Error('ENOSPC: no space left on device', { cause: error })
    throw error
  }
}

function freeBytes(folder: string): number {
  const { bavail, bsize } = statfsSync(folder)
  return bavail * bsize
}
