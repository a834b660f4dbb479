// presage dev: the service of a project, locally.
import type { Command } from 'commander'
import { loadProject } from '../projects/load-project.ts'
import { PROJECT_HELP } from '../projects/project-file.ts'
import { DAY_MS } from '../../features/project.ts'
import { runTwin } from '../service/twin.ts'
import { createKey } from '../storage/keys.ts'
import { withStorage } from '../storage/open-storage.ts'
import { OWN_NAME } from '../storage/own-rows.ts'
import type { LocalPlace } from '../storage/place.ts'
import { addFamilyOptions, chooseFamily } from '../terminal/family.ts'
import type { FamilyOptions } from '../terminal/family.ts'
import { sayPlainly } from '../terminal/progress.ts'
import { serve } from '../service/serve.ts'
import { assertCheckoutWritable } from '../storage/home.ts'
import { applyMigrations } from '../storage/migrations.ts'
import { currentSet, setPaths } from '../storage/paths.ts'
import { parseCount } from '../terminal/numbers.ts'

const KEY_DAYS = 30

export function addDev(program: Command): void {
  const command = program
    .command('dev')
    .description('serve a project locally with wrangler dev')
    .argument('<project>', PROJECT_HELP)
    .option('--port <number>', 'where to listen', parseCount, 8787)
    .option('--trainer', 'also run the clock and a trainer, as in your account')
  addFamilyOptions(command, 'with --trainer: ').action(
    async (name: string, { port, trainer, family: asked, minutes }: Options) => {
      const { project, file } = await loadProject(name)
      const family = await chooseFamily(project, asked)
      assertCheckoutWritable()
      const { state } = setPaths(project.name, currentSet(project.name))
      const place = { kind: 'local', state } as const
      await applyMigrations(place)
      const key = trainer === true ? await trainerKey(place) : undefined
      const onOutput = (text: string): void => void process.stderr.write(text)
      const server = await serve({ project: project.name, file, state, port, onOutput })
      console.log(`${project.name} at ${server.url}`)
      if (key !== undefined) {
        const service = { url: server.url, key }
        const rollout = { kind: 'at once' } as const
        void runTwin({ project, file, service, rollout, family, minutes, seed: 1, say: sayPlainly })
      }
      try {
        await server.ended
      } finally {
        await server.stop()
      }
    },
  )
}

interface Options extends FamilyOptions {
  readonly port: number
  readonly trainer?: true
}

/** Made anew at each start, and refused after a month. */
function trainerKey(place: LocalPlace): Promise<string> {
  const nowMs = Date.now()
  return withStorage(place, {}, async (storage) => {
    const own = { storage, nowMs, name: OWN_NAME, expiresAtMs: nowMs + KEY_DAYS * DAY_MS }
    return (await createKey({ ...own, scopes: ['admin'] })).key
  })
}
