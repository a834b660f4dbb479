// The kinds of models, as they are named on the command line.
import { CommandError } from './failure.ts'

/** For --help, where loading the families would take too long. */
export const FAMILY_HELP = 'kind of model: prior, softmax, tabular, pooled, transformer, trees, auto'
export const FAMILY_DEFAULT = 'pooled'

/** Throws CommandError with the names there are. Called before any work, which may take long. */
export async function assertFamily(name: string): Promise<void> {
  const { familyByName } = await import('../../training/models/families.ts')
  if (Object.hasOwn(familyByName, name)) return
  const names = Object.keys(familyByName).join(', ')
  throw new CommandError(`There is no family '${name}'; there are ${names}`)
}
