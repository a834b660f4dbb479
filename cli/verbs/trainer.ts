// presage trainer: carries out the trainings that a service has queued.
import type { Command } from 'commander'
import { loadProject } from '../projects/load-project.ts'
import { PROJECT_HELP } from '../projects/project-file.ts'
import { addFamilyOptions, chooseFamily } from '../terminal/family.ts'
import type { FamilyOptions } from '../terminal/family.ts'
import { parseCount, parseSeed } from '../terminal/numbers.ts'
import { sayPlainly } from '../terminal/progress.ts'
import { addServiceOptions, serviceOf } from '../terminal/service-option.ts'
import type { ServiceOptions } from '../terminal/service-option.ts'
import { runTrainer, takeTurn } from '../trainer/trainer.ts'

interface Options extends ServiceOptions, FamilyOptions {
  readonly once?: true
  readonly seed: number
  readonly pollSeconds: number
  readonly leaseSeconds: number
  readonly stepHours: number
  readonly atOnce?: true
  readonly json?: true
}

export function addTrainer(program: Command): void {
  const command = program
    .command('trainer')
    .description('take up the trainings that a service has queued: export, train, judge, publish')
    .argument('<project>', PROJECT_HELP)
    .option('--once', 'take up one, if there is one, and end')
    .option('--seed <number>', 'of everything that is drawn', parseSeed, 1)
    .option('--poll-seconds <number>', 'between two questions whether there is work', parseCount, 30)
    .option(
      '--lease-seconds <number>',
      'after which another takes over from one that is silent',
      parseCount,
      120,
    )
    .option(
      '--step-hours <number>',
      'how long a winner answers a share of the users before more (5, 25, 50, 100 %)',
      parseCount,
      24,
    )
    .option('--at-once', 'let a winner answer everybody at once')
    .option('--json', 'with --once: end with one line of JSON')
  addServiceOptions(addFamilyOptions(command)).action(trainerCommand)
}

async function trainerCommand(name: string, options: Options): Promise<void> {
  const { project, file } = await loadProject(name)
  const { minutes, seed, once, pollSeconds, leaseSeconds, stepHours, atOnce } = options
  const family = await chooseFamily(project, options.family)
  const request = {
    project,
    file,
    service: serviceOf(options),
    rollout: atOnce === true ? ({ kind: 'at once' } as const) : ({ kind: 'canary', stepHours } as const),
    family,
    minutes,
    seed,
    leaseMs: leaseSeconds * 1_000,
    say: sayPlainly,
  }
  if (once !== true) return runTrainer({ ...request, pollMs: pollSeconds * 1_000 })
  const turn = await takeTurn(request)
  if (options.json) console.log(JSON.stringify({ project: project.name, turn: turn ?? null }))
  else if (turn === undefined) sayPlainly('nothing is to be trained, or another trainer holds it')
  // A job that ran it shows then that somebody ought to look.
  if (turn?.state === 'failed' || turn?.state === 'refused') process.exitCode = 1
}
