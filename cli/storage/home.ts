// Opens the folder that holds what the command makes: readable by its owner alone, and with a place for
// temporary files, so that nothing stays in the system's when the command ends.
import {
  accessSync,
  chmodSync,
  constants,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { join } from 'node:path'
import { guardFolder, isAlive } from '../processes/watchdog.ts'
import { codeOf, CommandError } from '../terminal/failure.ts'
import { projectNames } from '../projects/project-file.ts'
import { homeFolder, rootFolder } from './paths.ts'
import { makeFolder } from '../../training/make-folder.ts'

const OWNER_ONLY = 0o700
/** What a machine that lost its power left behind is removed after this. */
const STALE_MS = 86_400_000

/** Called once, before a verb does anything. Throws CommandError where the folder cannot be written. */
export function openHome(): void {
  process.umask(0o077)
  const home = homeFolder()
  const temporary = join(home, '.tmp')
  try {
    makeFolder(temporary, OWNER_ONLY)
    const folders = projectNames()
      .map((name) => join(home, name))
      .filter((folder) => existsSync(folder))
    for (const folder of folders) chmodSync(folder, OWNER_ONLY)
    removeStale(temporary)
    // Node, DuckDB and wrangler take this for the folder of temporary files.
    process.env['TMPDIR'] = mkdtempSync(join(temporary, `${process.pid}-`))
  } catch (error) {
    throw notWritable(home, error)
  }
  guardFolder(process.env['TMPDIR'])
}

/** Throws CommandError where wrangler could not build the Worker in the folder of the package. */
export function assertCheckoutWritable(): void {
  try {
    accessSync(rootFolder, constants.W_OK)
  } catch (error) {
    throw new CommandError(
      `${rootFolder} cannot be written (${codeOf(error)}): wrangler builds the Worker there, so use a copy that can`,
    )
  }
}

function removeStale(temporary: string): void {
  for (const name of readdirSync(temporary)) {
    const folder = join(temporary, name)
    const { mtimeMs } = statSync(folder)
    if (Date.now() - mtimeMs > STALE_MS && !isAlive(Number.parseInt(name, 10)))
      rmSync(folder, { recursive: true, force: true })
  }
}

function notWritable(folder: string, error: unknown): CommandError {
  return new CommandError(
    `${folder} cannot be written (${codeOf(error)}): set PRESAGE_HOME to a folder that can`,
  )
}
