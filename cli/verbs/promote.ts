// presage promote: a published bundle becomes the champion, which answers.
import type { Command } from 'commander'
import { PROJECT_HELP } from '../projects/project-file.ts'
import { addRoleOptions, changeRolesOf } from './change-roles.ts'
import type { RoleOptions } from './change-roles.ts'

export function addPromote(program: Command): void {
  const command = program
    .command('promote')
    .description('let a published bundle answer everybody; ends the trial of a challenger')
    .argument('<project>', PROJECT_HELP)
    .argument('<bundle>', 'id of a published bundle, or the first digits of it')
  addRoleOptions(command).action(async (project: string, bundle: string, options: RoleOptions) => {
    await changeRolesOf(project, {
      options,
      bundle,
      changeOf: (bundleId) => ({ action: 'promote', bundleId }),
      said: ({ bundleId }) => `Bundle ${bundleId} answers`,
    })
  })
}
