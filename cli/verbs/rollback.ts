// presage rollback: a trial ends; or the bundle that answered before answers again.
import { Option } from 'commander'
import type { Command } from 'commander'
import { ROLES } from '../../features/roles.ts'
import type { Role } from '../../features/roles.ts'
import { PROJECT_HELP } from '../projects/project-file.ts'
import { addRoleOptions, changeRolesOf } from './change-roles.ts'
import type { RoleOptions } from './change-roles.ts'

interface Options extends RoleOptions {
  readonly role?: Role
}

export function addRollback(program: Command): void {
  const command = program
    .command('rollback')
    .description(
      'end the trial of a challenger; where none runs, let the bundle answer that did before, and again to go back further',
    )
    .argument('<project>', PROJECT_HELP)
    .addOption(new Option('--role <role>', 'whose deployment is taken back').choices(ROLES))
  addRoleOptions(command).action(async (project: string, options: Options) => {
    await changeRolesOf(project, {
      options,
      changeOf: () => ({ action: 'rollback', ...(options.role !== undefined && { role: options.role }) }),
      said: ({ bundleId, open }) =>
        open === null
          ? `The trial of bundle ${bundleId} has ended: the champion answers everybody`
          : `Bundle ${open.bundleId} answers again, not ${bundleId}`,
    })
  })
}
