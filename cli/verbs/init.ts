// presage init: looks at files and writes a project for them, saying what it decided and why.
import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { createInterface } from 'node:readline/promises'
import type { Command } from 'commander'
import type { Inspection, OpenQuestion } from '../../training/inspect/shape.ts'
import {
  isProjectName,
  isProjectPath,
  PROJECT_HELP,
  projectFileFor,
  shownPath,
} from '../projects/project-file.ts'
import type { ProjectFile } from '../projects/project-file.ts'
import { writeProject } from '../projects/write-project.ts'
import { rootFolder } from '../storage/paths.ts'
import { writeWhole } from '../storage/write-whole.ts'
import { CommandError } from '../terminal/failure.ts'
import { tableOf } from '../terminal/table.ts'

interface Options {
  readonly name?: string
  readonly label?: string
  readonly yes?: true
  readonly overwrite?: true
}

export function addInit(program: Command): void {
  program
    .command('init')
    .description('look at files and write a project for them, ready to edit')
    .argument('<files...>', 'files of one folder, or the folder')
    .option('--name <project>', `${PROJECT_HELP}; that of the data where absent`)
    .option('--label <column>', 'the column that says what came true')
    .option('--yes', 'guess where it cannot know, instead of asking')
    .option('--overwrite', 'replace a project of this name')
    .action(async (paths: readonly string[], options: Options) => {
      await initProject(paths, options)
    })
}

/** Throws CommandError where nothing can be written. */
export async function initProject(paths: readonly string[], options: Options): Promise<void> {
  const data = dataOf(paths)
  const named = options.name ?? projectNameOf(data)
  const { name, file } = newProjectFile(named, options.overwrite === true)
  const inspection = await inspectOrAsk(paths, options)
  const text = writeProject({
    inspection,
    name,
    featuresPath: importPath(file, join(rootFolder, 'features/project.ts')),
    namesFiles: isFolder(data),
  })
  describe(inspection)
  writeWhole(file, text)
  console.log(`wrote ${shownPath(file)}; it is yours to edit\n`)
  for (const verb of ['check', 'train', 'evaluate'])
    console.log(`npx presage ${verb} ${named} --data ${data}`)
}

/** Throws CommandError where it could have no name, or would replace one unasked. */
function newProjectFile(named: string, overwrite: boolean): ProjectFile {
  if (!isProjectPath(named) && !isProjectName(named)) {
    throw new CommandError(
      `'${named}' cannot name a project: --name takes lower-case letters, digits and dashes, at most 63, or the path of a file that ends in .ts`,
    )
  }
  const found = projectFileFor(named)
  if (existsSync(found.file) && !overwrite) {
    throw new CommandError(
      `${shownPath(found.file)} is there already: --name gives another name, --overwrite replaces it`,
    )
  }
  return found
}

/** How one file imports another. */
function importPath(from: string, to: string): string {
  const path = relative(dirname(from), to)
  return path.startsWith('.') ? path : `./${path}`
}

/** What --data takes later: the one path, or the folder that all files lie in. */
function dataOf(paths: readonly string[]): string {
  for (const path of paths) {
    if (statSync(path, { throwIfNoEntry: false }) === undefined)
      throw new CommandError(`There is no file ${path}`)
  }
  const [first = ''] = paths
  if (paths.length === 1) return first
  const folders = new Set(paths.map((path) => dirname(resolve(path))))
  if (folders.size > 1 || paths.some(isFolder)) {
    throw new CommandError('Several files must lie in one folder, for the project names them within it')
  }
  return dirname(first)
}

function isFolder(path: string): boolean {
  return statSync(path).isDirectory()
}

/** Of a file or folder: 'online-shoppers' of Online_Shoppers.csv.gz. */
export function projectNameOf(path: string): string {
  const [stem = ''] = basename(resolve(path)).split('.')
  const name = stem
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-\d]+|-+$/g, '')
  return name === '' ? 'data' : name.slice(0, 63)
}

async function inspectOrAsk(paths: readonly string[], options: Options): Promise<Inspection> {
  const inspection = await inspectFiles(paths, options.label)
  const question = inspection.questions.find(({ key }) => key === 'label')
  if (question === undefined || options.yes === true) return inspection
  const label = await ask(question)
  return inspectOrAsk(paths, { ...options, label })
}

async function inspectFiles(paths: readonly string[], label: string | undefined): Promise<Inspection> {
  // Loaded here because DuckDB takes a while, which most verbs need not wait.
  const { describeInspectFault, inspect } = await import('../../training/inspect/inspect.ts')
  const inspected = await inspect({ paths, label })
  if (!inspected.ok) throw new CommandError(describeInspectFault(inspected.reason))
  return inspected.value
}

async function ask({ text, options }: OpenQuestion): Promise<string> {
  const [guess = ''] = options
  if (!process.stdin.isTTY) {
    throw new CommandError(
      `${text} It may be ${options.join(', ')}: name it with --label, or --yes takes ${guess}`,
    )
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    const answer = await terminal.question(`${text} (${options.join(', ')}) [${guess}] `)
    return answer.trim() === '' ? guess : answer.trim()
  } finally {
    terminal.close()
  }
}

function describe({ decisions, warnings, unused }: Inspection): void {
  const decided = decisions.map(({ what, decided: own, because }) => [what, own, because])
  console.log(`${tableOf(['decided', '', 'because'], decided)}\n`)
  const said = warnings.map(({ column, text, isLeftOut }) => [column, isLeftOut ? 'left out' : 'kept', text])
  if (said.length > 0) console.log(`${tableOf(['column', '', 'look at it'], said)}\n`)
  for (const { file, because } of unused) console.log(`not read: ${file}: ${because}`)
}
