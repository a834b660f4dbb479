// Puts a written project where the command finds it: a file in projects/, and its name in projects/index.ts.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CommandError } from '../terminal/failure.ts'
import { constantOf } from './write-project.ts'

const WIDTH = 110
const LIST = /const projects: readonly Project\[\] = \[([^\]]*)\]/

/** The file of a project. Throws CommandError where there is one that must not be replaced. */
export function projectFile(
  folder: string,
  { name, overwrite }: { readonly name: string; readonly overwrite: boolean },
): string {
  if (!/^[a-z][a-z0-9-]{0,62}$/.test(name) || name === 'index') {
    throw new CommandError(
      `'${name}' cannot name a project: --name takes lower-case letters, digits and dashes, at most 63`,
    )
  }
  const path = join(folder, `${name}.ts`)
  if (existsSync(path) && !overwrite) {
    throw new CommandError(
      `projects/${name}.ts is there already: --name gives another name, --overwrite replaces it`,
    )
  }
  return path
}

/** Writes the file and names it in the index, once. */
export function registerProject(
  folder: string,
  { name, path, text }: { readonly name: string; readonly path: string; readonly text: string },
): void {
  const index = join(folder, 'index.ts')
  const named = nameInIndex(readFileSync(index, 'utf8'), name)
  writeFileSync(path, text)
  writeFileSync(index, named)
}

/** The text of the index with one more project; the same where it has it. */
export function nameInIndex(index: string, name: string): string {
  if (index.includes(`from './${name}.ts'`)) return index
  const list = LIST.exec(index)?.[1]
  if (list === undefined) {
    throw new CommandError('projects/index.ts has no list of projects that a name could be added to')
  }
  const constant = constantOf(name)
  const names = list
    .split(',')
    .map((own) => own.trim())
    .filter((own) => own !== '')
  if (names.includes(constant)) {
    throw new CommandError(`projects/index.ts has another '${constant}': give another --name`)
  }
  const all = [...names, constant]
  const head = 'const projects: readonly Project[] = ['
  const line = `${head}${all.join(', ')}]`
  const broken = `${head}\n${all.map((own) => `  ${own},\n`).join('')}]`
  const declared = index.replace(LIST, () => (line.length <= WIDTH ? line : broken))
  const imports = [...declared.matchAll(/^import .*$/gm)]
  const before = imports.find(([own]) => /from '\.\/.*'/.test(own) && own > `import { ${constant} }`)
  const last = imports.at(-1)
  const added = `import { ${constant} } from './${name}.ts'\n`
  const place = before?.index ?? (last === undefined ? 0 : last.index + last[0].length + 1)
  return declared.slice(0, place) + added + declared.slice(place)
}
