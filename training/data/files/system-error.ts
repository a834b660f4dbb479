// What the system says of files, in words that tell what to do.
import { tmpdir } from 'node:os'

/** Of Node, of DuckDB that spills or writes, and of SQLite. */
const FULL = /ENOSPC|no space left|disk is full|SQLITE_FULL|failed to offload|max_temp_directory_size/i

export function isDiskFull(error: unknown): boolean {
  return FULL.test(error instanceof Error ? error.message : String(error))
}

/** The database's own word for what kind of error it is: 'Invalid Input Error: '. */
const KIND = /^(?:[A-Z]\w* )*(?:Error|Exception): /

/** The first line of an error's message, or what it means where that is known. */
export function describeSystemError(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error)
  if (isDiskFull(error)) {
    return `the disk is full; make room where ${tmpdir()} lies, or set PRESAGE_HOME to a folder elsewhere, and run it again: nothing half-written is left`
  }
  switch (error instanceof Error && 'code' in error ? error.code : undefined) {
    case 'Z_BUF_ERROR':
      return 'its gzip breaks off; copy or download it again'
    case 'Z_DATA_ERROR':
      return 'its gzip is damaged; copy or download it again'
    case 'EACCES':
    case 'EPERM':
      return `there is no right to read ${pathOf(error)}; its owner gives it with chmod u+r, of a folder u+rx`
    default:
      return (message.split('\n')[0] ?? message).replace(KIND, '').trim()
  }
}

function pathOf(error: unknown): string {
  return error instanceof Error && 'path' in error && typeof error.path === 'string' ? error.path : 'it'
}
