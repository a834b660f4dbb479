// A project keeps what the command makes in a folder of its name. Files outside the checkout could share a
// name, so the first of them notes that the folder is its own.
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectPaths } from '../storage/paths.ts'
import { writeWhole } from '../storage/write-whole.ts'
import { CommandError } from '../terminal/failure.ts'
import { makeFolder } from '../../training/make-folder.ts'

interface Claim {
  readonly name: string
  /** An absolute path. */
  readonly file: string
}

/** Notes the file. Throws CommandError where the folder is another's that is still there. */
export function claimHome({ name, file }: Claim): void {
  const owner = ownerOf(name)
  if (owner === file) return
  assertNoOther({ name, file })
  makeFolder(projectPaths(name).folder)
  writeWhole(noteOf(name), `${file}\n`)
}

/** Throws CommandError where another file that is still there has noted the folder. */
export function assertNoOther({ name, file }: Claim): void {
  const owner = ownerOf(name)
  if (owner === undefined || owner === file) return
  throw new CommandError(
    `${owner} is a project '${name}' already, and ${file} would share its database: call one of them otherwise, or set PRESAGE_HOME`,
  )
}

/** The file outside the checkout that has the folder of this name; undefined where it is nobody's now. */
export function ownerOf(name: string): string | undefined {
  const note = noteOf(name)
  const file = existsSync(note) ? readFileSync(note, 'utf8').trim() : ''
  return existsSync(file) ? file : undefined
}

function noteOf(name: string): string {
  return join(projectPaths(name).folder, 'project')
}
