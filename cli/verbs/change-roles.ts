// What the verbs share that change which bundle plays which role.
import type { Command } from 'commander'
import type { RoleChange } from '../../features/roles.ts'
import { findProjectFile } from '../projects/project-file.ts'
import type { Service } from '../service/client.ts'
import { withStorage } from '../storage/open-storage.ts'
import { addPlaceOptions, placeOf } from '../storage/place.ts'
import type { PlaceOptions } from '../storage/place.ts'
import { changeRoles, findPublished } from '../storage/roles.ts'
import { CommandError } from '../terminal/failure.ts'
import { addKeyedUrl, serviceOf } from '../terminal/service-option.ts'
import type { ServiceOptions } from '../terminal/service-option.ts'
import { rolesOf } from '../trainer/champion.ts'
import { giveRole } from '../service/give-role.ts'

export interface RoleOptions extends PlaceOptions, Partial<ServiceOptions> {
  readonly note?: string
  readonly json?: true
}

export function addRoleOptions(command: Command): Command {
  command
    .option('--note <text>', 'why, kept with the deployment and in the audit')
    .option('--json', 'end with one line of JSON')
  return addPlaceOptions(addKeyedUrl(command))
}

interface RoleVerb {
  readonly options: RoleOptions
  /** As it is named on the command line; absent where the change names none. */
  readonly bundle?: string
  readonly changeOf: (bundleId: string) => RoleChange
  /** What was done, as one line for a person. */
  readonly said: (done: RoleDone) => string
}

interface RoleDone {
  /** The bundle that the change is about. */
  readonly bundleId: string
  /** What began by it; null where something only ended. */
  readonly open: { readonly bundleId: string; readonly share: number } | null
}

export async function changeRolesOf(name: string, verb: RoleVerb): Promise<void> {
  const { options, changeOf, said } = verb
  const project = findProjectFile(name).name
  const { url } = options
  const done =
    url === undefined
      ? await changeHere(project, verb)
      : await changeAt(serviceOf({ ...options, url }), project, verb)
  const { action } = changeOf('')
  const { bundleId, open } = done
  console.log(
    options.json
      ? JSON.stringify({
          project,
          action,
          bundle: open?.bundleId ?? bundleId,
          from: bundleId,
          percent: open === null ? null : open.share * 100,
        })
      : said(done),
  )
}

/** In the database that the options name. */
function changeHere(project: string, { options, bundle, changeOf }: RoleVerb): Promise<RoleDone> {
  const { note } = options
  return withStorage(placeOf(project, options), options, async (storage) => {
    const bundleId = bundle === undefined ? '' : await findPublished(storage, bundle)
    const change = changeOf(bundleId)
    return changeRoles({ storage, change, nowMs: Date.now(), ...(note !== undefined && { note }) })
  })
}

/** By the service itself, which needs the whole id of a bundle. Throws CommandError where it is of another project. */
async function changeAt(
  service: Service,
  project: string,
  { options: { note = '' }, bundle = '', changeOf }: RoleVerb,
): Promise<RoleDone> {
  const { project: served = project, version: decidedOn } = await rolesOf(service)
  if (served !== project)
    throw new CommandError(`${service.url} serves project '${served}', not '${project}'`)
  const change = changeOf(bundle)
  const { bundleId, percent, champion = bundleId } = await giveRole(service, change, { note, decidedOn })
  const begun = change.action === 'rollback' ? champion : bundleId
  return { bundleId, open: percent === null ? null : { bundleId: begun, share: percent / 100 } }
}
