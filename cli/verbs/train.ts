// presage train: from a file to a bundle.
import type { Command } from 'commander'
import { loadProject } from '../projects/load-project.ts'
import { PROJECT_HELP } from '../projects/project-file.ts'
import { addDataOptions, dataOf } from '../exports/data-from.ts'
import type { DataOptions } from '../exports/data-from.ts'
import { CommandError } from '../terminal/failure.ts'
import { addFamilyOptions, chooseFamily } from '../terminal/family.ts'
import type { FamilyOptions } from '../terminal/family.ts'
import { createMonitor } from '../terminal/monitor.ts'
import { parseCount, parseSeed } from '../terminal/numbers.ts'
import { sayPlainly } from '../terminal/progress.ts'
import { typedCommand } from '../terminal/typed-command.ts'
import { openData } from '../storage/open-data.ts'
import { projectPaths } from '../storage/paths.ts'

interface Options extends DataOptions, FamilyOptions {
  readonly seed: number
  readonly examples?: number
  /** False with --no-final-fit. */
  readonly finalFit: boolean
  readonly skipBadRows?: true
  readonly json?: true
}

export function addTrain(program: Command): void {
  const command = program
    .command('train')
    .description('train a model on a file and write a bundle')
    .argument('<project>', PROJECT_HELP)
    .option('--seed <number>', 'of everything that is drawn', parseSeed, 1)
    .option('--examples <number>', 'to learn from, about; more take longer', parseCount)
    .option('--no-final-fit', 'deploy the model of the rehearsal, which knows nothing of the latest days')
    .option('--skip-bad-rows', 'leave bad rows out')
    .option('--json', 'end with one line of JSON')
  addDataOptions(addFamilyOptions(command)).action(trainCommand)
}

async function trainCommand(name: string, options: Options): Promise<void> {
  const { project } = await loadProject(name)
  const family = await chooseFamily(project, options.family)
  const data = await openData({
    project,
    path: await dataOf(project, options),
    skipBadRows: options.skipBadRows === true,
    say: sayPlainly,
  })
  try {
    const { train } = await import('../../training/train.ts')
    const { describeTrainFault } = await import('../../training/train-fault.ts')
    const { examplesFor } = await import('../../training/moments/plan.ts')
    const { minutes, seed, examples, finalFit } = options
    const trained = await train({
      project,
      data,
      family,
      minutes,
      seed,
      examples: examples === undefined ? undefined : examplesFor(examples),
      finalFit,
      bundlesFolder: projectPaths(project.name).bundles,
      monitor: createMonitor(),
      command: typedCommand(),
    })
    if (!trained.ok) throw new CommandError(describeTrainFault(trained.reason))
    const { id, folder, card } = trained.value
    console.log(options.json ? JSON.stringify({ id, folder, ...card }) : folder)
  } finally {
    data.close()
  }
}
