// presage train: from a file to a bundle.
import type { Command } from 'commander'
import { CommandError, findProject } from '../terminal/failure.ts'
import { assertFamily, FAMILY_DEFAULT, FAMILY_HELP } from '../terminal/family.ts'
import { createMonitor } from '../terminal/monitor.ts'
import { parseSeed } from '../terminal/numbers.ts'
import { openData } from '../storage/open-data.ts'
import { projectPaths } from '../storage/paths.ts'

interface Options {
  readonly data: string
  readonly family: string
  readonly seed: number
  readonly skipBadRows?: true
  readonly json?: true
}

export function addTrain(program: Command): void {
  program
    .command('train')
    .description('train a model on a file and write a bundle')
    .argument('<project>', 'name of the project')
    .requiredOption('--data <path>', 'file or folder')
    .option('--family <name>', FAMILY_HELP, FAMILY_DEFAULT)
    .option('--seed <number>', 'of everything that is drawn', parseSeed, 1)
    .option('--skip-bad-rows', 'leave bad rows out')
    .option('--json', 'end with one line of JSON')
    .action(trainCommand)
}

async function trainCommand(name: string, options: Options): Promise<void> {
  const project = findProject(name)
  await assertFamily(options.family)
  const data = await openData({ project, path: options.data, skipBadRows: options.skipBadRows === true })
  try {
    const { describeTrainFault, train } = await import('../../training/train.ts')
    const { family, seed } = options
    const trained = await train({
      project,
      data,
      family,
      seed,
      bundlesFolder: projectPaths(project.name).bundles,
      monitor: createMonitor(),
    })
    if (!trained.ok) throw new CommandError(describeTrainFault(trained.reason))
    const { id, folder, card } = trained.value
    console.log(options.json ? JSON.stringify({ id, folder, ...card }) : folder)
  } finally {
    data.close()
  }
}
