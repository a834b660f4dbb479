// Which export of a project's file is the project: one file declares one.
import type { Project } from './project.ts'
import { fail, succeed } from './result.ts'
import type { Result } from './result.ts'

/** The one project among the exports of a module; else what is wrong, as words about the file. */
export function exportedProject(exported: Readonly<Record<string, unknown>>): Result<Project, string> {
  const [project, ...others] = new Set(Object.values(exported).filter(isProject))
  if (project === undefined)
    return fail('it exports no project: write `export const … = defineProject({ … })`')
  if (others.length === 0) return succeed(project)
  const names = [project, ...others].map(({ name }) => name)
  return fail(`it exports several projects (${names.join(', ')}): a file declares one`)
}

/** What defineProject gives has all of these, whether the declaration names them or not. */
function isProject(value: unknown): value is Project {
  return (
    typeof value === 'object' && value !== null && 'name' in value && 'tasks' in value && 'asked' in value
  )
}
