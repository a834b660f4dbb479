// presage tune: better settings for a family, searched on validation, as code of the project.
import type { Command } from 'commander'
import { addDataOptions, dataOf } from '../exports/data-from.ts'
import type { DataOptions } from '../exports/data-from.ts'
import { trainingText } from '../projects/declare-training.ts'
import { loadProject } from '../projects/load-project.ts'
import { PROJECT_HELP, shownPath } from '../projects/project-file.ts'
import { saveTraining } from '../projects/save-training.ts'
import { projectPaths } from '../storage/paths.ts'
import { chooseFamily, FAMILY_HELP } from '../terminal/family.ts'
import { parseCount, parseMinutes, parseSeed } from '../terminal/numbers.ts'
import { sayPlainly } from '../terminal/progress.ts'
import { holdFolder } from '../tuning/hold.ts'
import { searchedOn } from '../tuning/search.ts'
import type { Searched } from '../tuning/search.ts'
import { describeSearch } from '../tuning/tell.ts'

interface Options extends DataOptions {
  readonly minutes: number
  readonly rounds?: number
  readonly family?: string
  readonly seed: number
  readonly examples?: number
  readonly skipBadRows?: true
  readonly json?: true
}

export function addTune(program: Command): void {
  const command = program
    .command('tune')
    .description('search better settings on validation, and write them into the project')
    .argument('<project>', PROJECT_HELP)
    .option('--minutes <number>', 'how long to search, once the examples are made', parseMinutes, 5)
    .option(
      '--rounds <number>',
      'end after so many: then the same seed gives the same end, however fast the machine',
      parseCount,
    )
    .option('--family <name>', FAMILY_HELP)
    .option('--seed <number>', 'of everything that is drawn', parseSeed, 1)
    .option('--examples <number>', 'to learn from, about; more take longer', parseCount)
    .option('--skip-bad-rows', 'leave bad rows out')
    .option('--json', 'end with one line of JSON')
  addDataOptions(command).action(tuneCommand)
}

async function tuneCommand(name: string, options: Options): Promise<void> {
  const loaded = await loadProject(name)
  const { project } = loaded
  const family = await chooseFamily(project, options.family)
  const folder = `${projectPaths(project.name).folder}/tune`
  const release = holdFolder(folder, project.name)
  try {
    const searched = await searchedOn({
      project,
      family,
      folder,
      path: await dataOf(project, options),
      minutes: options.minutes,
      rounds: options.rounds,
      seed: options.seed,
      examples: options.examples,
      skipBadRows: options.skipBadRows === true,
    })
    const written = searched.verdict.isBetter ? await land(loaded, searched) : false
    if (options.json) console.log(JSON.stringify({ project: project.name, ...searched, written }))
    else console.log(describeSearch(searched).join('\n'))
  } finally {
    release()
  }
}

/** Says where it landed, or what to paste. */
async function land(loaded: Awaited<ReturnType<typeof loadProject>>, searched: Searched): Promise<boolean> {
  const { family, settings } = searched
  const training = { family, settings }
  const saved = await saveTraining(loaded, training)
  const file = shownPath(loaded.file)
  if (saved.ok) sayPlainly(`${file}: training is what was found; other than that it is as it was`)
  else {
    sayPlainly(
      `${file} was left as it is: ${saved.reason}. Put this into what defineProject is called with:\n  training: ${trainingText(training).replaceAll('\n', '\n  ')},`,
    )
  }
  return saved.ok
}
