// presage dev: the service of a project, locally.
import type { Command } from 'commander'
import { serve } from '../service/serve.ts'
import { assertCheckoutWritable } from '../storage/home.ts'
import { applyMigrations } from '../storage/migrations.ts'
import { currentSet, setPaths } from '../storage/paths.ts'
import { findProject } from '../terminal/failure.ts'
import { parseCount } from '../terminal/numbers.ts'

export function addDev(program: Command): void {
  program
    .command('dev')
    .description('serve a project locally with wrangler dev')
    .argument('<project>', 'name of the project')
    .option('--port <number>', 'where to listen', parseCount, 8787)
    .action(async (name: string, { port }: { readonly port: number }) => {
      const project = findProject(name).name
      assertCheckoutWritable()
      const { state } = setPaths(project, currentSet(project))
      await applyMigrations({ kind: 'local', state })
      const onOutput = (text: string): void => void process.stderr.write(text)
      const server = await serve({ project, state, port, onOutput })
      console.log(`${project} at ${server.url}`)
      try {
        await server.ended
      } finally {
        await server.stop()
      }
    })
}
