// presage publish: a bundle becomes the one that answers.
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { CommandError, findProject } from './failure.ts'
import { projectPaths } from './paths.ts'
import { addPlaceOptions, placeOf } from './place.ts'
import type { PlaceOptions } from './place.ts'
import { latestBundle, publishBundle } from './publish-bundle.ts'
import { openStorage } from './storage.ts'

interface Options extends PlaceOptions {
  readonly bundle?: string
  readonly json?: true
}

export function addPublish(program: Command): void {
  const command = program
    .command('publish')
    .description('put a bundle into R2 and let it answer')
    .argument('<project>', 'name of the project')
    .option('--bundle <folder>', 'the bundle (the one trained last)')
    .option('--json', 'end with one line of JSON')
  addPlaceOptions(command).action(async (name: string, options: Options) => {
    const project = findProject(name).name
    const folder =
      options.bundle === undefined ? latestBundle(projectPaths(project).bundles) : resolve(options.bundle)
    if (folder === undefined)
      throw new CommandError(`There is no bundle yet: presage train ${project} makes one`)
    const storage = await openStorage(placeOf(project, options))
    try {
      const id = await publishBundle({ project, folder, storage, nowMs: Date.now() })
      console.log(options.json ? JSON.stringify({ project, bundle: id }) : `Published bundle ${id}`)
    } finally {
      await storage.close()
    }
  })
}
