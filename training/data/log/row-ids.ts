// The ids of events whose log gives none: the name of their file and their row in it. So the same file gives the
// same ids again, with rows that were added to its end too, and two files never give the same.
import { basename, dirname, relative, sep } from 'node:path'
import { quoteName, quoteText } from '../database.ts'
import { ROW } from '../files/row-number.ts'

/** Leaves room for the row within what an id may have. */
const NAME_LENGTH_MAX = 100

/** The rows of a file, in a table of several. */
export interface RowsOfFile {
  readonly path: string
  /** The number of its first row less one. */
  readonly rowsBefore: number
}

/**
 * SQL of an id for every row, such as 'events.csv:12'; 'events.csv:12/2' for the event that the second mapping
 * makes of the row, 'events.csv:12.3' for that of the third member of the row's list. Files of several folders
 * are named from the folder that holds them all.
 * @param files in the order of their rows
 * @param mapping from 0
 * @param member the column with the place of the member, where the mapping unfolds a list
 */
export function rowIdOf(
  files: readonly RowsOfFile[],
  { mapping, member }: { readonly mapping: number; readonly member?: string },
): string {
  const folder = commonFolder(files.map(({ path }) => path))
  const suffix = [
    member === undefined ? '' : ` || '.' || ${quoteName(member)}::varchar`,
    mapping === 0 ? '' : ` || '/${mapping + 1}'`,
  ].join('')
  const idIn = ({ path, rowsBefore }: RowsOfFile): string => {
    const name = files.length === 1 ? basename(path) : relative(folder, path).split(sep).join('/')
    const short = Array.from(name).slice(-NAME_LENGTH_MAX).join('')
    return `${quoteText(`${short}:`)} || (${ROW} - ${rowsBefore})::varchar${suffix}`
  }
  /** Halves, so that the thousandth file is found as soon as the first. */
  const among = (part: readonly RowsOfFile[]): string => {
    const half = part.length >> 1
    const [first, middle] = [part[0], part[half]]
    if (first === undefined || middle === undefined) return 'null'
    if (half === 0) return idIn(first)
    return `case when ${ROW} <= ${middle.rowsBefore} then ${among(part.slice(0, half))} else ${among(part.slice(half))} end`
  }
  return `(${among(files)})`
}

function commonFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths.map((path) => dirname(path))
  return others.reduce((common, folder) => {
    let shared = common
    while (shared !== dirname(shared) && !`${folder}${sep}`.startsWith(`${shared}${sep}`))
      shared = dirname(shared)
    return shared
  }, first)
}
