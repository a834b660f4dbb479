// The kinds of models, as they are named on the command line.
import type { Command } from 'commander'
import { CommandError } from './failure.ts'
import { parseMinutes } from './numbers.ts'

/** For --help, where loading the families would take too long. */
const FAMILY_HELP = 'kind of model: prior, softmax, tabular, pooled, transformer, trees, auto'
const FAMILY_DEFAULT = 'auto'

export interface FamilyOptions {
  readonly family: string
  /** That fitting may take, about. */
  readonly minutes?: number
}

/** --family and --minutes; `where` says when they count, if not always. */
export function addFamilyOptions(command: Command, where = ''): Command {
  return command
    .option('--family <name>', `${where}${FAMILY_HELP}`, FAMILY_DEFAULT)
    .option('--minutes <number>', `${where}that fitting may take, about (auto: 5; start: 0.75)`, parseMinutes)
}

/** Throws CommandError with the names there are. Called before any work, which may take long. */
export async function assertFamily(name: string): Promise<void> {
  const { familyByName } = await import('../../training/models/families.ts')
  if (Object.hasOwn(familyByName, name)) return
  const names = Object.keys(familyByName).join(', ')
  throw new CommandError(`There is no family '${name}'; there are ${names}`)
}
