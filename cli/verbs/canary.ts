// presage canary: a published bundle answers a share of the users, always the same ones, as challenger.
import { InvalidArgumentError } from 'commander'
import type { Command } from 'commander'
import { HOUR_MS } from '../../features/project.ts'
import { PROJECT_HELP } from '../projects/project-file.ts'
import { addRoleOptions, changeRolesOf } from './change-roles.ts'
import type { RoleOptions } from './change-roles.ts'

interface Options extends RoleOptions {
  readonly percent: number
  readonly rampHours?: number
}

export function addCanary(program: Command): void {
  const command = program
    .command('canary')
    .description('let a published bundle answer a share of the users, always the same ones')
    .argument('<project>', PROJECT_HELP)
    .argument('<bundle>', 'id of a published bundle, or the first digits of it')
    .requiredOption('--percent <number>', 'of the users: more than 0, at most 100', parsePositive)
    .option(
      '--ramp-hours <number>',
      'let the share grow by itself to 5, 25, 50 and 100 percent, a step each so many hours, while it does well',
      parsePositive,
    )
  addRoleOptions(command).action(async (project: string, bundle: string, options: Options) => {
    const { percent, rampHours } = options
    await changeRolesOf(project, {
      options,
      bundle,
      changeOf: (bundleId) => ({
        action: 'canary',
        bundleId,
        percent,
        ...(rampHours !== undefined && { stepMs: Math.round(rampHours * HOUR_MS) }),
      }),
      said: ({ bundleId }) => `Bundle ${bundleId} answers ${percent} % of the users`,
    })
  })
}

function parsePositive(text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value <= 0) {
    throw new InvalidArgumentError('Expected a number above 0.')
  }
  return value
}
