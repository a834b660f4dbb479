// What was read of the files of one role, and what was not: counts, none of which names anybody.
import { basename } from 'node:path'
import type { SkippedRows } from '../data-fault.ts'
import { NOT_A_PLACEHOLDER } from '../cells/limit-checks.ts'
import type { DataWarning } from './data-warning.ts'
import type { Origin } from '../files/raw-table.ts'
import type { FoundFaults } from '../cells/row-checks.ts'

export interface FileReport {
  readonly role: 'events' | 'users' | 'items' | 'questions' | 'rows'
  /** Of the file, the folder or the pattern, without the folders before it. */
  readonly name: string
  readonly files: number
  /** Bad ones too. */
  readonly rows: number
  /** What became of them: events, versions, questions or labelled rows. A row may yield several events. */
  readonly stored: number
  /** Of those that say again what was read before. */
  readonly repeated: number
  /** Labelled rows and questions whose label is not known yet: nothing is learned from them. */
  readonly unlabelled: number
  /** Rows that the mapping takes nothing from. */
  readonly unused: number
  /** Bad rows, by what is wrong with them. */
  readonly skipped: readonly SkippedRows[]
}

export interface FileReportRequest {
  readonly role: FileReport['role']
  readonly origin: Origin
  readonly faults: FoundFaults
  readonly stored: number
  readonly repeated?: number
  readonly unlabelled?: number
  /** How many of the rows that could be split the mapping takes something from; all where absent. */
  readonly rowsTaken?: number | undefined
}

export function fileReport(request: FileReportRequest): FileReport {
  const { role, origin, faults, stored, repeated = 0, unlabelled = 0, rowsTaken } = request
  const rows = origin.files.reduce((sum, { rowCount }) => sum + rowCount, 0)
  return {
    role,
    name: origin.path
      .split(', ')
      .map((path) => basename(path))
      .join(', '),
    files: origin.files.length,
    rows,
    stored,
    repeated,
    unlabelled,
    unused: rowsTaken === undefined ? 0 : rows - origin.badCount - rowsTaken,
    skipped: faults.reasons,
  }
}

/** What of it must be said aloud, wherever nobody reads the report. */
export function notesOf({ name, rows, repeated, skipped }: FileReport): DataWarning[] {
  const nobody = skipped.find(({ expected }) => expected === NOT_A_PLACEHOLDER.user)?.rows ?? 0
  const share = `${((100 * nobody) / rows).toFixed(1)} %`
  const again = `${name}: ${repeated} ${repeated === 1 ? 'row repeats an event that was read before, and counts' : 'rows repeat an event that was read before, and count'} once`
  const named = `${name}: ${nobody} of ${rows} rows (${share}) name nobody, as 'undefined' or 'null' do, and are skipped`
  return [
    ...(repeated === 0 ? [] : [{ code: 'repeated_events' as const, text: again }]),
    ...(nobody === 0 ? [] : [{ code: 'nobody' as const, text: named }]),
  ]
}
