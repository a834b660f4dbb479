// Writes a project for files: looks at them, asks what it cannot know, and says what it decided and why.
import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { isProjectName } from '../../features/project-name.ts'
import type { Inspection } from '../../training/inspect/shape.ts'
import type { Told } from '../../training/inspect/told.ts'
import { rootFolder } from '../storage/paths.ts'
import { writeWhole } from '../storage/write-whole.ts'
import { CommandError } from '../terminal/failure.ts'
import { tableOf, wrap } from '../terminal/table.ts'
import { createAsk } from './ask.ts'
import type { Ask } from './ask.ts'
import { isProjectPath, projectFileFor, shownPath } from './project-file.ts'
import type { ProjectFile } from './project-file.ts'
import { writeProject } from './write-project.ts'

export interface InitOptions extends Told {
  /** A name, or the path of a file; that of the data where absent. */
  readonly name?: string
  /** Guesses instead of asking. */
  readonly yes?: boolean
  readonly overwrite?: boolean
}

export interface Initialised extends ProjectFile {
  /** What verbs call it. */
  readonly named: string
  /** What --data takes: the one path, or the folder that all files lie in. */
  readonly data: string
}

/** Throws CommandError where nothing can be written. */
export async function initProject(paths: readonly string[], options: InitOptions): Promise<Initialised> {
  const data = dataOf(paths)
  const ask = createAsk({ guesses: options.yes === true })
  // A name that cannot be is refused before the files are read.
  const given = options.name ?? (ask.isPossible ? undefined : projectNameOf(data))
  if (given !== undefined) newProjectFile(given, options)
  const inspection = await inspectOrAsk(paths, { told: options, ask })
  describe(inspection)
  const named = given ?? (await askName(data, { ask, options }))
  const { name, file } = newProjectFile(named, options)
  const featuresPath = importPath(file, join(rootFolder, 'features/project.ts'))
  writeWhole(file, writeProject({ inspection, name, featuresPath, namesFiles: isFolder(data) }))
  console.log(`wrote ${shownPath(file)}; it is yours to edit\n`)
  return { name, file, named, data }
}

/** Throws CommandError where it could have no name, or would replace one unasked. */
function newProjectFile(named: string, { overwrite }: Pick<InitOptions, 'overwrite'>): ProjectFile {
  if (!isProjectPath(named) && !isProjectName(named)) {
    throw new CommandError(
      `'${named}' cannot name a project: --name takes lower-case letters, digits and dashes, at most 63, or the path of a file that ends in .ts`,
    )
  }
  const found = projectFileFor(named)
  if (existsSync(found.file) && overwrite !== true) {
    throw new CommandError(
      `${shownPath(found.file)} is there already: --project ${named} uses it; presage init with another --name writes another, with --overwrite a new one in its place`,
    )
  }
  if (!existsSync(dirname(found.file)))
    throw new CommandError(`There is no folder ${shownPath(dirname(found.file))}`)
  return found
}

/** How one file imports another. */
function importPath(from: string, to: string): string {
  const path = relative(dirname(from), to)
  return path.startsWith('.') ? path : `./${path}`
}

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

interface Asking {
  readonly ask: Ask
  readonly options: InitOptions
}

async function askName(data: string, { ask, options }: Asking): Promise<string> {
  const text = 'What is the project called?'
  const named = await ask.question({ text, options: [projectNameOf(data)] })
  try {
    newProjectFile(named, options)
    return named
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    ask.say(error.message)
    return askName(data, { ask, options })
  }
}

/** Of a file or folder: 'online-shoppers' of Online_Shoppers.csv.gz, 'kunden-kaufe' of Kunden_Käufe.csv. */
export function projectNameOf(path: string): string {
  const [stem = ''] = basename(resolve(path)).split('.')
  const name = stem
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/([a-z])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^[-\d]+|-+$/g, '')
  return name === '' ? 'data' : name.slice(0, 63)
}

interface Inspecting {
  readonly told: Told
  readonly ask: Ask
}

/** Looks again with each answer, for what is asked next may follow from it. */
async function inspectOrAsk(paths: readonly string[], { told, ask }: Inspecting): Promise<Inspection> {
  const inspection = await inspectFiles(paths, told)
  const [question] = inspection.questions
  if (question === undefined || ask.guesses) return inspection
  const answer = await ask.question({ ...question, flag: question.key })
  return inspectOrAsk(paths, { told: { ...told, [question.key]: answer }, ask })
}

async function inspectFiles(paths: readonly string[], told: Told): Promise<Inspection> {
  // Loaded here because DuckDB takes a while, which most verbs need not wait.
  const { describeInspectFault, inspect } = await import('../../training/inspect/inspect.ts')
  const { kind, user, time, label, holds } = told
  const inspected = await inspect({ paths, kind, user, time, label, holds })
  if (!inspected.ok) throw new CommandError(describeInspectFault(inspected.reason))
  return inspected.value
}

const WIDTH = { widthMax: 80 }

function describe({ decisions, warnings, unused }: Inspection): void {
  const decided = decisions.map(({ what, decided: own, because }) => [what, own, because])
  console.log(`${tableOf(['decided', '', 'because'], decided, WIDTH)}\n`)
  const said = warnings.map(({ column, kind, text, isLeftOut }) => [
    column,
    isLeftOut ? 'left out' : 'kept',
    kind.replaceAll('_', ' '),
    text,
  ])
  if (said.length > 0) console.log(`${tableOf(['column', '', 'warning', 'look at it'], said, WIDTH)}\n`)
  for (const { file, because } of unused)
    console.log(wrap(`not read: ${file}: ${because}`, WIDTH.widthMax).join('\n'))
}
