// presage export: what a running service has heard, as files that training reads.
import type { Command } from 'commander'
import { resolve } from 'node:path'
import { exportTo } from '../exports/export.ts'
import { TABLES } from '../exports/state.ts'
import { addServiceOptions, serviceOf } from '../terminal/service-option.ts'
import type { ServiceOptions } from '../terminal/service-option.ts'
import { loadProject } from '../projects/load-project.ts'
import { PROJECT_HELP } from '../projects/project-file.ts'
import { sayPlainly } from '../terminal/progress.ts'

interface Options extends ServiceOptions {
  readonly out: string
  readonly json?: true
}

export function addExport(program: Command): void {
  const command = program
    .command('export')
    .description(
      'write what a running service has heard and answered as Parquet that --data takes; goes on where it was cut short, and a folder of before gets what came since',
    )
    .argument('<project>', PROJECT_HELP)
    .requiredOption('--out <folder>', 'a new folder, or one of an export before')
    .option('--json', 'end with one line of JSON')
  addServiceOptions(command).action(async (name: string, options: Options) => {
    const { project } = await loadProject(name)
    const service = serviceOf(options)
    const exported = await exportTo({
      project,
      service,
      folder: resolve(options.out),
      tables: TABLES,
      say: sayPlainly,
    })
    const { folder, untilMs, rows, fetched } = exported
    const until = new Date(untilMs).toISOString()
    const counts = Object.entries(rows).map(([table, count]) => `${count} ${table}`)
    console.log(
      options.json
        ? JSON.stringify({ project: name, until, ...exported })
        : `${folder}: ${counts.join(', ')} until ${until}, of which ${fetched} rows were fetched`,
    )
  })
}
