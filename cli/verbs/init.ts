// presage init: looks at files and writes a project for them, saying what it decided and why.
import { Option } from 'commander'
import type { Command } from 'commander'
import { absolutePath, nameOfData } from '../../training/data/files/data-path.ts'
import { KINDS } from '../../training/inspect/told.ts'
import { noteBegun } from '../projects/begun-from.ts'
import { initProject } from '../projects/init-project.ts'
import type { InitOptions } from '../projects/init-project.ts'
import { PROJECT_HELP } from '../projects/project-file.ts'
import { shellWord } from '../terminal/shell-word.ts'

export function addInit(program: Command): void {
  program
    .command('init')
    .description('look at files and write a project for them, ready to edit')
    .argument('<files...>', 'files of one folder, or the folder')
    .option('--name <project>', `${PROJECT_HELP}; that of the data where absent`)
    .addOption(new Option('--kind <kind>', 'of data: a log, or a table with a label').choices(KINDS))
    .option('--user <column>', 'the column that names the user')
    .option('--time <column>', 'the column that says when it happened')
    .option('--label <column>', 'the column that says what came true')
    .option('--yes', 'guess where it cannot know, instead of asking')
    .option('--overwrite', 'replace a project of this name')
    .action(async (paths: readonly string[], options: InitOptions) => {
      const { named, data, ...made } = await initProject(paths, options)
      noteBegun(made, nameOfData(absolutePath(data)))
      for (const verb of ['check', 'train', 'evaluate'])
        console.log(`npx presage ${verb} ${shellWord(named)} --data ${shellWord(data)}`)
    })
}
