// What the verbs share that change which bundle plays which role.
import type { Command } from 'commander'
import type { RoleChange, RolePlan } from '../../features/roles.ts'
import { findProjectFile } from '../projects/project-file.ts'
import { withStorage } from '../storage/open-storage.ts'
import { addPlaceOptions, placeOf } from '../storage/place.ts'
import type { PlaceOptions } from '../storage/place.ts'
import { changeRoles, findPublished } from '../storage/roles.ts'

export interface RoleOptions extends PlaceOptions {
  readonly note?: string
  readonly json?: true
}

export function addRoleOptions(command: Command): Command {
  return addPlaceOptions(
    command
      .option('--note <text>', 'why, kept with the deployment and in the audit')
      .option('--json', 'end with one line of JSON'),
  )
}

interface RoleVerb {
  readonly options: RoleOptions
  /** As it is named on the command line; absent where the change names none. */
  readonly bundle?: string
  readonly changeOf: (bundleId: string) => RoleChange
  /** What was done, as one line for a person. */
  readonly said: (plan: RolePlan) => string
}

export async function changeRolesOf(name: string, verb: RoleVerb): Promise<void> {
  const { options, bundle, changeOf, said } = verb
  const project = findProjectFile(name).name
  const { note } = options
  const plan = await withStorage(placeOf(project, options), options, async (storage) => {
    const bundleId = bundle === undefined ? '' : await findPublished(storage, bundle)
    const change = changeOf(bundleId)
    return changeRoles({ storage, change, nowMs: Date.now(), ...(note !== undefined && { note }) })
  })
  const { action, bundleId, open } = plan
  console.log(
    options.json
      ? JSON.stringify({
          project,
          action,
          bundle: open?.bundleId ?? bundleId,
          from: bundleId,
          percent: open === null ? null : open.share * 100,
        })
      : said(plan),
  )
}
