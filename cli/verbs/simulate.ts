// presage simulate: made-up users of a project.
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { findProjectFile, PROJECT_HELP } from '../projects/project-file.ts'
import { resolve } from 'node:path'
import { plainWorld } from '../../simulation/index.ts'
import type { World } from '../../simulation/index.ts'
import { parseCount, parseSeed } from '../terminal/numbers.ts'
import { projectPaths } from '../storage/paths.ts'
import { writeSimulation } from '../storage/simulate-data.ts'

interface Options {
  readonly seed: number
  readonly users?: number
  readonly days?: number
  readonly world?: Partial<World>
  readonly out?: string
  readonly json?: true
}

const switches = Object.keys(plainWorld)

export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description('write made-up users, items and events of a project as NDJSON')
    .argument('<project>', PROJECT_HELP)
    .option('--users <count>', 'how many users', parseCount)
    .option('--days <count>', 'how much time the log spans, up to now', parseCount)
    .option('--seed <number>', 'of the random numbers', parseSeed, 1)
    .option('--world <switches>', `what it holds: ${switches.join(', ')}; no-NAME without`, parseWorld)
    .option('--out <folder>', 'where to write (.presage/<project>/data)')
    .option('--json', 'end with one line of JSON')
    .action(async (name: string, options: Options) => {
      const project = findProjectFile(name).name
      const folder = options.out === undefined ? projectPaths(project).data : resolve(options.out)
      const { seed, users: userCount, days, world } = options
      const made = { project, seed, userCount, days, world, nowMs: Date.now(), folder }
      const counts = await writeSimulation(made)
      const { events, users, items } = counts
      console.log(
        options.json
          ? JSON.stringify({ folder, ...counts })
          : `${folder}: ${events} events of ${users} users, ${items} items`,
      )
    })
}

/** `bot,no-behaviourDrift`: switches of a world, on or off; the project's own where not named. */
function parseWorld(text: string): Partial<World> {
  const entries = text.split(',').map((word) => {
    const name = word.trim().replace(/^no-/, '')
    if (switches.includes(name)) return [name, name === word.trim()] as const
    throw new InvalidArgumentError(`There is no '${name}'; there are ${switches.join(', ')}.`)
  })
  return Object.fromEntries(entries)
}
