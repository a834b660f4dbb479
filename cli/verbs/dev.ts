// presage dev: the service of a project, locally.
import type { Command } from 'commander'
import { loadProject } from '../projects/load-project.ts'
import { PROJECT_HELP } from '../projects/project-file.ts'
import { serve } from '../service/serve.ts'
import { assertCheckoutWritable } from '../storage/home.ts'
import { applyMigrations } from '../storage/migrations.ts'
import { currentSet, setPaths } from '../storage/paths.ts'
import { parseCount } from '../terminal/numbers.ts'

export function addDev(program: Command): void {
  program
    .command('dev')
    .description('serve a project locally with wrangler dev')
    .argument('<project>', PROJECT_HELP)
    .option('--port <number>', 'where to listen', parseCount, 8787)
    .action(async (name: string, { port }: { readonly port: number }) => {
      const { project, file } = await loadProject(name)
      assertCheckoutWritable()
      const { state } = setPaths(project.name, currentSet(project.name))
      await applyMigrations({ kind: 'local', state })
      const onOutput = (text: string): void => void process.stderr.write(text)
      const server = await serve({ project: project.name, file, state, port, onOutput })
      console.log(`${project.name} at ${server.url}`)
      try {
        await server.ended
      } finally {
        await server.stop()
      }
    })
}
