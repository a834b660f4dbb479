// How far an export has come, kept in its folder beside what it wrote, so that one that was cut short goes
// on where it stopped.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { writeWhole } from '../storage/write-whole.ts'
import { codeOf, CommandError } from '../terminal/failure.ts'
import { makeFolder } from '../../training/make-folder.ts'

/** The tables of a service that make up data to train on. */
export const TABLES = ['events', 'users', 'items', 'labels'] as const
export type Table = (typeof TABLES)[number]

export interface TableState {
  /** The path of the next page; null after the last. */
  readonly next: string | null
  /** How much of the table's file is whole. */
  readonly bytes: number
}

export interface ExportState {
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

const FILE = 'export.json'

/** The lines of a table that were fetched so far. */
export function linesPath(folder: string, table: Table): string {
  return join(folder, `${table}.ndjson.part`)
}

export function isExport(folder: string): boolean {
  return existsSync(join(folder, FILE))
}

/** A state before anything was fetched. */
export function newState(project: string, url: string): ExportState {
  const tables = Object.fromEntries(TABLES.map((table) => [table, { next: `/v1/export/${table}`, bytes: 0 }]))
  return {
    project,
    url,
    untilMs: null,
    tables: tables as ExportState['tables'],
    isWhole: false,
    isDated: true,
  }
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

function isState({ project, url, untilMs, tables, isWhole }: ExportState): boolean {
  return (
    typeof project === 'string' &&
    typeof url === 'string' &&
    typeof isWhole === 'boolean' &&
    (untilMs === null || Number.isSafeInteger(untilMs)) &&
    TABLES.every((table) => {
      const { next, bytes } = tables[table]
      return (next === null || typeof next === 'string') && Number.isSafeInteger(bytes) && bytes >= 0
    })
  )
}

/**
 * Where an export into this folder begins: where an unfinished one of the same service stopped, else at the
 * start, which is also where one begins that would show an earlier moment than is asked for. Throws CommandError where
 * the folder holds something else.
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
    if (readdirSync(folder).length > 0)
      throw new CommandError(`${folder} holds files that are no export: give an empty folder, or a new one`)
    return fresh
  }
  const state = readState(folder)
  if (state.project !== project)
    throw new CommandError(`${folder} holds an export of project '${state.project}', not of '${project}'`)
  const isOld = state.untilMs !== null && state.untilMs < notBeforeMs
  return state.isWhole || isOld || state.url !== url || !holdsLines(folder, state) ? fresh : state
}

/** Whether all that the state says was fetched is still there. */
function holdsLines(folder: string, { tables }: ExportState): boolean {
  return TABLES.every((table) => {
    const size = statSync(linesPath(folder, table), { throwIfNoEntry: false })?.size ?? 0
    return size >= tables[table].bytes
  })
}
