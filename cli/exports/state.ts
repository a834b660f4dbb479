// How far an export has come, kept in its folder beside what it wrote, so that one that was cut short goes
// on where it stopped, and the next fetches what came since.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../storage/write-whole.ts'
import { codeOf, CommandError } from '../terminal/failure.ts'
import { makeFolder } from '../../training/make-folder.ts'

/** The tables of a service that make up data to train on. */
export const DATA_TABLES = ['events', 'users', 'items', 'labels'] as const
/** All that are exported. Rows of the log go when they are old; those of data stay. */
export const TABLES = [...DATA_TABLES, 'predictions', 'outcomes'] as const
export type Table = (typeof TABLES)[number]

export interface TableState {
  /** The path of the next page; null after the last. */
  readonly next: string | null
  /** How much of the table's file of lines is whole. */
  readonly bytes: number
  /** How many rows these lines are. */
  readonly lines: number
  /** The Parquet file holds what was stored by this moment, Unix milliseconds; null where there is none yet. */
  readonly sinceMs: number | null
  /** How many rows of the service that was. */
  readonly rows: number
  /** How many of them the service still has, as far as its pages told. */
  readonly held: number
}

export interface ExportState {
  /** Absent before exports could be added to. */
  readonly format?: typeof FORMAT
  readonly project: string
  readonly url: string
  /** The moment that the export shows, Unix milliseconds; null before the first page. */
  readonly untilMs: number | null
  readonly tables: Readonly<Record<Table, TableState>>
  /** Whether the files are there to be read. */
  readonly isWhole: boolean
  /** Of a table of rows: whether each has a time. */
  readonly isDated: boolean
}

const FORMAT = 2
const FILE = 'export.json'

/** The lines of a table that were fetched so far. */
export function linesPath(folder: string, table: Table): string {
  return join(folder, `${table}.ndjson.part`)
}

export function isExport(folder: string): boolean {
  return existsSync(join(folder, FILE))
}

/** The rows of a table, once they were fetched whole. */
export function parquetPath(folder: string, table: Table): string {
  return join(folder, `${table}.parquet`)
}

/** A state before anything was fetched. */
export function newState(project: string, url: string): ExportState {
  const tables = Object.fromEntries(
    TABLES.map((table) => [table, tableFrom(table, { sinceMs: null, rows: 0 })]),
  )
  return {
    format: FORMAT,
    project,
    url,
    untilMs: null,
    tables: tables as ExportState['tables'],
    isWhole: false,
    isDated: true,
  }
}

/** The state after its lines have gone into Parquet. */
export function wholeState(state: ExportState, isDated: boolean): ExportState {
  const { untilMs } = state
  const tables = mapTables(state, (table, { next, sinceMs, rows, lines }) =>
    tableFrom(table, next === null ? { sinceMs: untilMs, rows: rows + lines } : { sinceMs, rows }),
  )
  return { ...state, tables, isWhole: true, isDated }
}

/** The state before anything was fetched that came since the Parquet was written. */
function begunAgain(state: ExportState): ExportState {
  return { ...state, untilMs: null, tables: mapTables(state, tableFrom), isWhole: false }
}

function mapTables(
  { tables }: ExportState,
  map: (table: Table, state: TableState) => TableState,
): ExportState['tables'] {
  const entries = TABLES.map((table) => [table, map(table, tables[table])])
  return Object.fromEntries(entries) as ExportState['tables']
}

function tableFrom(table: Table, { sinceMs, rows }: Pick<TableState, 'sinceMs' | 'rows'>): TableState {
  const path = `/v1/export/${table}`
  const next = sinceMs === null ? path : `${path}?since=${sinceMs}`
  return { next, bytes: 0, lines: 0, sinceMs, rows, held: 0 }
}

/** A table of data of which the service no longer has what was fetched of it before; undefined where there is none. */
export function changedTable({ tables }: ExportState): Table | undefined {
  return DATA_TABLES.find((table) => {
    const { next, sinceMs, rows, held } = tables[table]
    return next === null && sinceMs !== null && held !== rows
  })
}

export function writeState(folder: string, state: ExportState): void {
  writeWhole(join(folder, FILE), JSON.stringify(state))
}

/** Throws CommandError where the file is there and says nothing that can be understood. */
export function readState(folder: string): ExportState {
  const path = join(folder, FILE)
  try {
    const state = JSON.parse(readFileSync(path, 'utf8')) as ExportState
    if (isState(state)) return state
  } catch {
    // Told below, whatever is wrong with it.
  }
  throw new CommandError(
    `${path} is damaged, so nobody knows what of the export is whole: remove ${folder} and export anew`,
  )
}

function isState({ format, project, url, untilMs, tables, isWhole }: ExportState): boolean {
  return (
    typeof project === 'string' &&
    typeof url === 'string' &&
    typeof isWhole === 'boolean' &&
    isMoment(untilMs) &&
    (format !== FORMAT ||
      TABLES.every((table) => {
        const { next, bytes, lines, sinceMs, rows, held } = tables[table]
        const counts = [bytes, lines, rows, held]
        return (
          (next === null || typeof next === 'string') &&
          isMoment(sinceMs) &&
          counts.every((count) => Number.isSafeInteger(count) && count >= 0)
        )
      }))
  )
}

function isMoment(ms: number | null): boolean {
  return ms === null || Number.isSafeInteger(ms)
}

/**
 * Where an export into this folder begins: where an unfinished one of the same service stopped, unless it would show
 * an earlier moment than is asked for, else after the last whole one, else at the start. Throws CommandError where the
 * folder holds something else.
 */
export function openState(
  folder: string,
  {
    project,
    url,
    notBeforeMs = 0,
  }: { readonly project: string; readonly url: string; readonly notBeforeMs?: number | undefined },
): ExportState {
  try {
    makeFolder(folder)
  } catch (error) {
    throw new CommandError(`${folder} cannot be made (${codeOf(error)}): give a folder that can`)
  }
  const fresh = newState(project, url)
  if (!isExport(folder)) {
    // Of an export that got no page there are only lines that were begun.
    if (
      readdirSync(folder).some(
        (name) => !TABLES.some((table) => join(folder, name) === linesPath(folder, table)),
      )
    )
      throw new CommandError(`${folder} holds files that are no export: give an empty folder, or a new one`)
    return fresh
  }
  const state = readState(folder)
  if (state.project !== project)
    throw new CommandError(`${folder} holds an export of project '${state.project}', not of '${project}'`)
  if (state.format !== FORMAT || state.url !== url || !holdsParquet(folder, state)) return fresh
  const isOld = state.untilMs !== null && state.untilMs < notBeforeMs
  return state.isWhole || isOld || !holdsLines(folder, state) ? begunAgain(state) : state
}

/** Whether all that the state says was fetched since is still there. */
function holdsLines(folder: string, { tables }: ExportState): boolean {
  return TABLES.every((table) => {
    const size = statSync(linesPath(folder, table), { throwIfNoEntry: false })?.size ?? 0
    return size >= tables[table].bytes
  })
}

/** Whether all that the state says was fetched before is still there; a table without rows has no file. */
function holdsParquet(folder: string, { tables }: ExportState): boolean {
  return TABLES.every((table) => tables[table].rows === 0 || existsSync(parquetPath(folder, table)))
}
