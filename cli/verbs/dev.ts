// presage dev: the service of a project, locally.
import type { Command } from 'commander'
import { findProject } from '../terminal/failure.ts'
import { parseCount } from '../terminal/numbers.ts'
import { projectPaths } from '../storage/paths.ts'
import { serve } from '../service/serve.ts'
import { applyMigrations } from '../processes/wrangler.ts'

export function addDev(program: Command): void {
  program
    .command('dev')
    .description('serve a project locally with wrangler dev')
    .argument('<project>', 'name of the project')
    .option('--port <number>', 'where to listen', parseCount, 8787)
    .action(async (name: string, { port }: { readonly port: number }) => {
      const project = findProject(name).name
      await applyMigrations({ kind: 'local', state: projectPaths(project).state })
      const server = await serve({ project, port, onOutput: (text) => process.stderr.write(text) })
      console.log(`${project} at ${server.url}`)
      await server.ended
    })
}
