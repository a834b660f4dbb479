// presage shadow: a published bundle is asked what the champion is asked, and nobody hears its answers.
import type { Command } from 'commander'
import { PROJECT_HELP } from '../projects/project-file.ts'
import { addRoleOptions, changeRolesOf } from './change-roles.ts'
import type { RoleOptions } from './change-roles.ts'

export function addShadow(program: Command): void {
  const command = program
    .command('shadow')
    .description('ask a published bundle too, after the answer was sent; its answers are only logged')
    .argument('<project>', PROJECT_HELP)
    .argument('<bundle>', 'id of a published bundle, or the first digits of it')
  addRoleOptions(command).action(async (project: string, bundle: string, options: RoleOptions) => {
    await changeRolesOf(project, {
      options,
      bundle,
      changeOf: (bundleId) => ({ action: 'shadow', bundleId }),
      said: ({ bundleId }) => `Bundle ${bundleId} runs beside the champion`,
    })
  })
}
