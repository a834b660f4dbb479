// presage publish: a bundle becomes the one that answers.
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { manifestSchema } from '../../features/manifest.ts'
import { CommandError, findProject } from '../terminal/failure.ts'
import { projectPaths } from '../storage/paths.ts'
import { addPlaceOptions, placeOf } from '../storage/place.ts'
import type { PlaceOptions } from '../storage/place.ts'
import { latestBundle, publishBundle } from '../storage/publish-bundle.ts'
import { openStorage } from '../storage/open-storage.ts'

interface Options extends PlaceOptions {
  readonly json?: true
}

export function addPublish(program: Command): void {
  const command = program
    .command('publish')
    .description('put a bundle into R2 and let it answer')
    .argument('<bundle>', "the name of a project, for its bundle trained last, or a bundle's folder")
    .option('--json', 'end with one line of JSON')
  addPlaceOptions(command).action(async (bundle: string, options: Options) => {
    const { project, folder } = findBundle(bundle)
    const storage = await openStorage(placeOf(project, options))
    try {
      const id = await publishBundle({ project, folder, storage, nowMs: Date.now() })
      console.log(options.json ? JSON.stringify({ project, bundle: id }) : `Published bundle ${id}`)
    } finally {
      await storage.close()
    }
  })
}

function findBundle(bundle: string): { readonly project: string; readonly folder: string } {
  const manifestPath = join(bundle, 'manifest.json')
  if (existsSync(manifestPath)) {
    const manifest = manifestSchema.parse(JSON.parse(readFileSync(manifestPath, 'utf8')))
    return { project: findProject(manifest.project).name, folder: resolve(bundle) }
  }
  const project = findProject(bundle).name
  const folder = latestBundle(projectPaths(project).bundles)
  if (folder === undefined)
    throw new CommandError(`There is no bundle yet: presage train ${project} makes one`)
  return { project, folder }
}
