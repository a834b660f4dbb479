// Where a project's declaration lies: projects/NAME.ts is project NAME, and a file elsewhere is named by its
// path. The name follows from the file's, so that a verb that needs no more imports nothing.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { nearestName } from '../../features/nearest-name.ts'
import { isProjectName } from '../../features/project-name.ts'
import { rootFolder } from '../storage/paths.ts'
import { CommandError } from '../terminal/failure.ts'
import { assertNoOther, claimHome } from './claim-home.ts'

/** Of the option or argument that names a project. */
export const PROJECT_HELP = 'name of the project, or the path of its file: ./gym.project.ts'

/** Of the projects that live in the checkout. */
export const projectsFolder = join(rootFolder, 'projects')

export interface ProjectFile {
  readonly name: string
  /** An absolute path. */
  readonly file: string
}

/** Names of the projects in the checkout, in the order of letters. */
export function projectNames(): string[] {
  return readdirSync(projectsFolder)
    .flatMap((file) => (file.endsWith('.ts') && isProjectName(file.slice(0, -3)) ? [file.slice(0, -3)] : []))
    .toSorted()
}

/** Whether this names a file; else it is the name of a project in the checkout. */
export function isProjectPath(named: string): boolean {
  return named.endsWith('.ts')
}

/** The file of a project that is there. Throws CommandError where it is not. */
export function findProjectFile(named: string): ProjectFile {
  const found = projectFileFor(named)
  if (statSync(found.file, { throwIfNoEntry: false })?.isFile() === true) {
    const claim = dirname(found.file) === projectsFolder ? assertNoOther : claimHome
    claim(found)
    return found
  }
  if (isProjectPath(named)) throw new CommandError(`There is no file ${named}`)
  const names = projectNames()
  const nearest = nearestName(names, named)
  const meant = nearest === undefined ? '' : ` Is it '${nearest}'?`
  throw new CommandError(
    `There is no project '${named}'; there are ${names.join(', ')}, and any file of yours: ./${named}.ts.${meant}`,
  )
}

/** The file that a project has or would have. Throws CommandError where it could have no name. */
export function projectFileFor(named: string): ProjectFile {
  if (!isProjectPath(named)) return { name: named, file: join(projectsFolder, `${named}.ts`) }
  const file = resolve(named)
  const name = basename(file, '.ts').replace(/\.project$/, '')
  if (!isProjectName(name)) {
    throw new CommandError(
      `${named} cannot name a project: its file is called after it, in lower-case letters, digits and dashes, at most 63, as gym.project.ts or gym.ts`,
    )
  }
  if (dirname(file) !== projectsFolder && existsSync(join(projectsFolder, `${name}.ts`))) {
    throw new CommandError(
      `${named} would be another project '${name}' beside projects/${name}.ts, and they would share one database: call the file otherwise`,
    )
  }
  return { name, file }
}

/** A path as it is shown: from the folder where the command runs, if it lies below. */
export function shownPath(file: string): string {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') || isAbsolute(path) ? file : path
}
