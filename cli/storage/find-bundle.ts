// Where a bundle lies that is named on the command line: by its folder, by its id, or by its project.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { ownerOf } from '../projects/claim-home.ts'
import { findProjectFile, isProjectPath, projectNames } from '../projects/project-file.ts'
import { CommandError } from '../terminal/failure.ts'
import { homeFolder, projectPaths } from './paths.ts'

/**
 * The folder of a bundle: its path, its id as `presage bundles` shows it or the first digits of it, or a project,
 * by its name or file, for the one trained last. Throws CommandError where it is none of these.
 */
export function findBundle(named: string): string {
  const folder = folderOf(named, knownProjects())
  if (folder !== undefined) return folder
  if (!isProjectPath(named) && !knownProjects().includes(named)) {
    throw new CommandError(
      `There is no bundle '${named}' here, and no project; there are ${projectNames().join(', ')}, and any file of yours`,
    )
  }
  const { name } = isProjectPath(named) ? findProjectFile(named) : { name: named }
  const latest = latestBundle(projectPaths(name).bundles)
  if (latest === undefined) throw new CommandError(`There is no bundle yet: presage train ${named} makes one`)
  return latest
}

/** Names of the projects in the checkout, and of those outside that the command has met. */
export function knownProjects(): string[] {
  const home = homeFolder()
  const met = existsSync(home) ? readdirSync(home).filter((name) => ownerOf(name) !== undefined) : []
  return [...new Set([...projectNames(), ...met])]
}

/** The folder of a bundle of this project: its path, its id, or the first digits of it. Throws CommandError where it is neither. */
export function findBundleOf(project: string, named: string): string {
  const folder = folderOf(named, [project])
  if (folder === undefined) throw new CommandError(`There is no bundle '${named}' of project ${project}`)
  return folder
}

/** The folder of the bundle that was made last; undefined where there is none. */
export function latestBundle(bundlesFolder: string): string | undefined {
  return bundlesIn(bundlesFolder).toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]
}

function folderOf(named: string, projects: readonly string[]): string | undefined {
  const paths = projects.map((project) => join(projectPaths(project).bundles, named))
  return [resolve(named), ...paths].find(isBundle) ?? folderThatBegins(named, projects)
}

/** Undefined where none does. Throws CommandError where several do. */
function folderThatBegins(start: string, projects: readonly string[]): string | undefined {
  if (!/^[0-9a-f]{1,32}$/.test(start) || projects.includes(start)) return undefined
  const found = projects.flatMap((project) =>
    bundlesIn(projectPaths(project).bundles).filter((folder) => basename(folder).startsWith(start)),
  )
  if (found.length > 1) {
    const ids = found.map((folder) => basename(folder))
    throw new CommandError(`'${start}' begins ${found.length} bundles: ${ids.join(', ')}`)
  }
  return found[0]
}

function bundlesIn(bundlesFolder: string): string[] {
  if (!existsSync(bundlesFolder)) return []
  return readdirSync(bundlesFolder)
    .filter((name) => !name.includes('.draft-'))
    .map((name) => join(bundlesFolder, name))
    .filter(isBundle)
}

function isBundle(folder: string): boolean {
  return existsSync(join(folder, 'manifest.json'))
}
