// The kinds of models, as they are named on the command line and in projects.
import type { Command } from 'commander'
import { isOneOf } from '../../features/check-shape.ts'
import type { Project } from '../../features/project.ts'
import { CommandError } from './failure.ts'
import { parseMinutes } from './numbers.ts'

const FAMILY_DEFAULT = 'auto'
/** For --help, where loading the families would take too long. */
export const FAMILY_HELP = `kind of model: prior, ngrams, softmax, tabular, pooled, transformer, trees, auto (default: what the project declares, else ${FAMILY_DEFAULT})`

export interface FamilyOptions {
  /** What the project declares, or the default, where absent. */
  readonly family?: string
  /** That fitting may take, about. */
  readonly minutes?: number
}

/** --family and --minutes; `where` says when they count, if not always. */
export function addFamilyOptions(command: Command, where = ''): Command {
  return command
    .option('--family <name>', `${where}${FAMILY_HELP}`)
    .option('--minutes <number>', `${where}that fitting may take, about (auto: 5; start: 0.75)`, parseMinutes)
}

/** Throws CommandError with the names there are. Called before any work, which may take long. */
export async function assertFamily(name: string): Promise<void> {
  const { familyByName } = await import('../../training/models/families.ts')
  if (Object.hasOwn(familyByName, name)) return
  const names = Object.keys(familyByName).join(', ')
  throw new CommandError(`There is no family '${name}'; there are ${names}`)
}

/**
 * The family that is asked for; else the one that the project declares, else the default. Throws CommandError
 * where there is none of this name, or the project declares settings that it does not have.
 */
export async function chooseFamily({ name, training }: Project, asked?: string): Promise<string> {
  if (asked !== undefined) await assertFamily(asked)
  if (training === undefined) return asked ?? FAMILY_DEFAULT
  const { familyByName } = await import('../../training/models/families.ts')
  const { faultOfSettings } = await import('../../training/fit/settings.ts')
  const { family, settings: others = {} } = training
  const declared = Object.hasOwn(familyByName, family) ? familyByName[family] : undefined
  const fault =
    declared === undefined
      ? isOneOf(Object.keys(familyByName))(family, 'training.family')
      : faultOfSettings(declared.settings, { others, path: 'training.settings' })
  if (fault !== undefined) throw new CommandError(`Project '${name}': ${fault}`)
  return asked ?? family
}
