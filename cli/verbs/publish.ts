// presage publish: a bundle is put where the service finds it, and becomes the one that answers. With --url the
// service itself takes it, by an admin key.
import type { Command } from 'commander'
import { rolesOf } from '../trainer/champion.ts'
import { giveRole } from '../service/give-role.ts'
import { sendBundle } from '../service/send-bundle.ts'
import type { Service } from '../service/client.ts'
import type { CheckedBundle } from '../storage/check-bundle.ts'
import { findBundle, knownProjects } from '../storage/find-bundle.ts'
import { withStorage } from '../storage/open-storage.ts'
import { addPlaceOptions, placeOf } from '../storage/place.ts'
import type { PlaceOptions } from '../storage/place.ts'
import { openBundle, publishBundle, storeBundle } from '../storage/publish.ts'
import { addKeyedUrl, serviceOf } from '../terminal/service-option.ts'
import type { ServiceOptions } from '../terminal/service-option.ts'
import { CommandError } from '../terminal/failure.ts'

interface Options extends PlaceOptions, Partial<ServiceOptions> {
  readonly note?: string
  readonly serve: boolean
  readonly json?: true
}

export function addPublish(program: Command): void {
  const command = program
    .command('publish')
    .description('check a bundle, put it into R2 and let it answer')
    .argument(
      '<bundle>',
      'its id or the first digits of it, its folder, or a project, by its name or file, for the one trained last',
    )
    .option('--note <text>', 'why, kept with the deployment')
    .option('--no-serve', 'do not let it answer yet: presage canary, shadow or promote does')
    .option('--json', 'end with one line of JSON')
  addPlaceOptions(addKeyedUrl(command)).action(async (bundle: string, options: Options) => {
    const checked = await openBundle(findBundle(bundle))
    const { id, manifest } = checked
    const { project } = manifest
    if (!knownProjects().includes(project)) {
      throw new CommandError(`The bundle ${id} is of project '${project}', of which nothing is known here`)
    }
    const { note, serve, url } = options
    const nowMs = Date.now()
    if (url !== undefined) await publishTo(serviceOf({ ...options, url }), checked, options)
    else
      await withStorage(placeOf(project, options), options, (storage) =>
        serve
          ? publishBundle(checked, { storage, nowMs, ...(note !== undefined && { note }) })
          : storeBundle(checked, { storage, nowMs }),
      )
    const said = serve ? `Published bundle ${id}` : `Published bundle ${id}, which does not answer yet`
    console.log(options.json ? JSON.stringify({ project, bundle: id, serves: serve }) : said)
  })
}

async function publishTo(
  service: Service,
  bundle: CheckedBundle,
  { serve, note = '' }: Pick<Options, 'serve' | 'note'>,
): Promise<void> {
  await sendBundle(service, bundle)
  const { champion, version } = await rolesOf(service)
  if (!serve || champion === bundle.id) return
  await giveRole(service, { action: 'promote', bundleId: bundle.id }, { note, decidedOn: version })
}
