// Imports the declaration of the one project that is asked for. What is wrong with it is told in one line
// that names its file, and is nobody else's fault.
import { registerHooks } from 'node:module'
import { pathToFileURL } from 'node:url'
import { exportedProject } from '../../features/exported-project.ts'
import type { Project } from '../../features/project.ts'
import type { Result } from '../../features/result.ts'
import { CommandError } from '../terminal/failure.ts'
import { findProjectFile, shownPath } from './project-file.ts'

export interface LoadedProject {
  readonly project: Project
  /** The absolute path of its declaration. */
  readonly file: string
}

/** By its name or by the path of its file. Throws CommandError where it is not there or wrong. */
export async function loadProject(named: string): Promise<LoadedProject> {
  const { name, file } = findProjectFile(named)
  const found = await importProject(file)
  if (!found.ok) throw new CommandError(`${shownPath(file)}: ${found.reason}`)
  if (found.value.name !== name) {
    throw new CommandError(
      `${shownPath(file)}: its project is named '${found.value.name}', but the file is called after '${name}': make them one`,
    )
  }
  return { project: found.value, file }
}

/** The project that a file exports; else what is wrong, as words about the file. Throws CommandError where it fails. */
export async function importProject(file: string): Promise<Result<Project, string>> {
  return exportedProject(await importFile(file))
}

async function importFile(file: string): Promise<Readonly<Record<string, unknown>>> {
  const url = pathToFileURL(file).href
  const hooks = registerHooks({
    resolve: (specifier, context, next) => {
      const resolved = next(specifier, context)
      // Whatever package.json lies beside it, or none: Node would warn, or take it for CommonJS.
      return resolved.url.endsWith('.ts') ? { ...resolved, format: 'module-typescript' } : resolved
    },
  })
  try {
    return (await import(url)) as Readonly<Record<string, unknown>>
  } catch (error) {
    throw faultIn(file, error)
  } finally {
    hooks.deregister()
  }
}

/** One line, with the line of the file where the stack knows it. */
function faultIn(file: string, error: unknown): CommandError {
  const { message, stack = '' } = error instanceof Error ? error : new Error(String(error))
  const url = pathToFileURL(file).href
  const place = [url, file].flatMap((path) => {
    const start = stack.indexOf(`${path}:`)
    return start < 0 ? [] : [/^\d+/.exec(stack.slice(start + path.length + 1))?.[0]]
  })[0]
  const at = place === undefined ? '' : `:${place}`
  return new CommandError(`${shownPath(file)}${at}: ${message.split('\n')[0] ?? ''}`)
}
