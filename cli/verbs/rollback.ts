// presage rollback: the bundle that answered before answers again.
import type { Command } from 'commander'
import { findProjectFile, PROJECT_HELP } from '../projects/project-file.ts'
import { rollBack } from '../storage/deployments.ts'
import { withStorage } from '../storage/open-storage.ts'
import { addPlaceOptions, placeOf } from '../storage/place.ts'
import type { PlaceOptions } from '../storage/place.ts'

interface Options extends PlaceOptions {
  readonly note?: string
  readonly json?: true
}

export function addRollback(program: Command): void {
  const command = program
    .command('rollback')
    .description('let the bundle answer that did before; again, to go back further')
    .argument('<project>', PROJECT_HELP)
    .option('--note <text>', 'why, kept with the deployment')
    .option('--json', 'end with one line of JSON')
  addPlaceOptions(command).action(async (name: string, options: Options) => {
    const project = findProjectFile(name).name
    const { note } = options
    const { bundle, from } = await withStorage(placeOf(project, options), options, (storage) =>
      rollBack({ storage, nowMs: Date.now(), ...(note !== undefined && { note }) }),
    )
    console.log(
      options.json
        ? JSON.stringify({ project, bundle, from })
        : `Bundle ${bundle} answers again, not ${from}`,
    )
  })
}
