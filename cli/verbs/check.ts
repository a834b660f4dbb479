// presage check: reads a user's files as training would, and says what was read and what looks wrong.
import type { Command } from 'commander'
import { loadProject } from '../projects/load-project.ts'
import { PROJECT_HELP } from '../projects/project-file.ts'
import { withoutExample } from '../../training/data/report/data-warning.ts'
import { openData } from '../storage/open-data.ts'
import { dataOption, dataPathOf } from '../terminal/data-option.ts'

interface Options {
  readonly data: readonly string[]
  readonly skipBadRows?: true
  readonly json?: true
}

export function addCheck(program: Command): void {
  program
    .command('check')
    .description('read a file and say what was read and what looks wrong; trains nothing')
    .argument('<project>', PROJECT_HELP)
    .addOption(dataOption('file or folder').makeOptionMandatory())
    .option('--skip-bad-rows', 'leave bad rows out')
    .option('--json', 'end with one line of JSON')
    .action(checkCommand)
}

async function checkCommand(name: string, options: Options): Promise<void> {
  const { project } = await loadProject(name)
  const data = await openData({
    project,
    path: dataPathOf(options.data),
    skipBadRows: options.skipBadRows === true,
    ...(options.json !== true && { say: (line: string) => console.log(line) }),
  })
  try {
    if (options.json === true) {
      const warnings = [...data.report.warnings, ...data.notes.map(withoutExample)]
      console.log(JSON.stringify({ project: project.name, ...data.report, warnings }))
    }
  } finally {
    data.close()
  }
}
