// presage publish: a bundle becomes the one that answers.
import type { Command } from 'commander'
import { findBundle } from '../storage/find-bundle.ts'
import { withStorage } from '../storage/open-storage.ts'
import { addPlaceOptions, placeOf } from '../storage/place.ts'
import type { PlaceOptions } from '../storage/place.ts'
import { openBundle, publishBundle } from '../storage/publish.ts'
import { findProject } from '../terminal/failure.ts'

interface Options extends PlaceOptions {
  readonly note?: string
  readonly json?: true
}

export function addPublish(program: Command): void {
  const command = program
    .command('publish')
    .description('check a bundle, put it into R2 and let it answer')
    .argument('<bundle>', 'its id or folder, or the name of a project for the one trained last')
    .option('--note <text>', 'why, kept with the deployment')
    .option('--json', 'end with one line of JSON')
  addPlaceOptions(command).action(async (bundle: string, options: Options) => {
    const checked = await openBundle(findBundle(bundle))
    const { id, manifest } = checked
    const project = findProject(manifest.project).name
    const { note } = options
    const { champion } = await withStorage(placeOf(project, options), options, (storage) =>
      publishBundle(checked, { storage, nowMs: Date.now(), ...(note !== undefined && { note }) }),
    )
    if (champion !== id)
      process.stderr.write(`Bundle ${champion} was published at the same time, and answers\n`)
    console.log(options.json ? JSON.stringify({ project, bundle: id, champion }) : `Published bundle ${id}`)
  })
}
