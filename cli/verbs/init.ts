// presage init: looks at files and writes a project for them, saying what it decided and why.
import { existsSync } from 'node:fs'
import { Option } from 'commander'
import type { Command } from 'commander'
import { absolutePath, nameOfData, parsePaths } from '../../training/data/files/data-path.ts'
import type { ParsedPaths } from '../../training/data/files/data-path.ts'
import { KINDS } from '../../training/inspect/told.ts'
import { noteBegun } from '../projects/begun-from.ts'
import { initProject } from '../projects/init-project.ts'
import type { InitOptions } from '../projects/init-project.ts'
import { PROJECT_HELP } from '../projects/project-file.ts'
import { CommandError } from '../terminal/failure.ts'
import { shellWord } from '../terminal/shell-word.ts'

export function addInit(program: Command): void {
  program
    .command('init')
    .description('look at files and write a project for them, ready to edit')
    .argument('<files...>', 'files of one folder, or the folder; users=FILE says what a file holds')
    .option('--name <project>', `${PROJECT_HELP}; that of the data where absent`)
    .addOption(new Option('--kind <kind>', 'of data: a log, or a table with a label').choices(KINDS))
    .option('--user <column>', 'the column that names the user')
    .option('--time <column>', 'the column that says when it happened')
    .option('--label <column>', 'the column that says what came true')
    .option('--yes', 'guess where it cannot know, instead of asking')
    .option('--overwrite', 'replace a project of this name')
    .action(async (args: readonly string[], options: InitOptions) => {
      const { plain, named: holds } = pathsOf(args)
      const paths = [...plain, ...Object.values(holds).flat()]
      const { named, data, ...made } = await initProject(paths, { ...options, holds })
      noteBegun(made, nameOfData(absolutePath(data)))
      for (const verb of ['check', 'train', 'evaluate'])
        console.log(`npx presage ${verb} ${shellWord(named)} --data ${shellWord(data)}`)
    })
}

function pathsOf(args: readonly string[]): ParsedPaths {
  const parsed = parsePaths(args, existsSync)
  if (!parsed.ok) throw new CommandError(parsed.reason)
  return parsed.value
}
