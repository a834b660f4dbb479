// presage publish: a bundle becomes the one that answers.
import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { withStorage } from '../storage/open-storage.ts'
import { projectPaths } from '../storage/paths.ts'
import { addPlaceOptions, placeOf } from '../storage/place.ts'
import type { PlaceOptions } from '../storage/place.ts'
import { latestBundle, openBundle, publishBundle } from '../storage/publish.ts'
import { CommandError, findProject } from '../terminal/failure.ts'

interface Options extends PlaceOptions {
  readonly note?: string
  readonly json?: true
}

export function addPublish(program: Command): void {
  const command = program
    .command('publish')
    .description('check a bundle, put it into R2 and let it answer')
    .argument('<bundle>', "the name of a project, for its bundle trained last, or a bundle's folder")
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

/** The folder of a bundle that is named by its path or by its project. */
export function findBundle(bundle: string): string {
  if (existsSync(join(bundle, 'manifest.json'))) return resolve(bundle)
  const project = findProject(bundle).name
  const folder = latestBundle(projectPaths(project).bundles)
  if (folder === undefined)
    throw new CommandError(`There is no bundle yet: presage train ${project} makes one`)
  return folder
}
