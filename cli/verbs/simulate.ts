// presage simulate: made-up users of a project.
import type { Command } from 'commander'
import { resolve } from 'node:path'
import { findProject } from '../terminal/failure.ts'
import { parseCount, parseSeed } from '../terminal/numbers.ts'
import { projectPaths } from '../storage/paths.ts'
import { writeSimulation } from '../storage/simulate-data.ts'

interface Options {
  readonly seed: number
  readonly users?: number
  readonly days?: number
  readonly out?: string
  readonly json?: true
}

export function addSimulate(program: Command): void {
  program
    .command('simulate')
    .description('write made-up users, items and events of a project as NDJSON')
    .argument('<project>', 'name of the project')
    .option('--users <count>', 'how many users', parseCount)
    .option('--days <count>', 'how much time the log spans, up to now', parseCount)
    .option('--seed <number>', 'of the random numbers', parseSeed, 1)
    .option('--out <folder>', 'where to write (.presage/<project>/data)')
    .option('--json', 'end with one line of JSON')
    .action(async (name: string, options: Options) => {
      const project = findProject(name).name
      const folder = options.out === undefined ? projectPaths(project).data : resolve(options.out)
      const { seed, users: userCount, days } = options
      const counts = await writeSimulation({ project, seed, userCount, days, nowMs: Date.now(), folder })
      const { events, users, items } = counts
      console.log(
        options.json
          ? JSON.stringify({ folder, ...counts })
          : `${folder}: ${events} events of ${users} users, ${items} items`,
      )
    })
}
