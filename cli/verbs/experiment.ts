// presage experiment: whether the users of the challenger do better than the champion's, in one line.
import { Option } from 'commander'
import type { Command } from 'commander'
import { findProjectFile, PROJECT_HELP } from '../projects/project-file.ts'
import { addServiceOptions, serviceOf } from '../terminal/service-option.ts'
import type { ServiceOptions } from '../terminal/service-option.ts'
import { call } from '../service/call.ts'

interface Options extends ServiceOptions {
  readonly event?: string
  readonly measure: string
  readonly better: string
  readonly json?: true
}

interface Answer {
  readonly verdict: string
  readonly event: string
  readonly champion: Arm
  readonly challenger: Arm
}

interface Arm {
  readonly id: string
  readonly users: number
  readonly mean: number | null
}

export function addExperiment(program: Command): void {
  const command = program
    .command('experiment')
    .description(
      "tell whether the challenger's users do better than the champion's; look as often as you like",
    )
    .argument('<project>', PROJECT_HELP)
    .option('--event <type>', 'what is counted of each user; what the first task asks for unless told')
    .addOption(
      new Option('--measure <what>', 'of those events: how many, or the sum of their values')
        .choices(['count', 'value'])
        .default('count'),
    )
    .addOption(
      new Option('--better <direction>', 'which way is better')
        .choices(['higher', 'lower'])
        .default('higher'),
    )
    .option('--json', 'print one line of JSON')
  addServiceOptions(command).action(async (name: string, options: Options) => {
    const project = findProjectFile(name).name
    const { event, measure, better } = options
    const query = new URLSearchParams({ measure, better, ...(event !== undefined && { event }) })
    const path = `/v1/experiment?${query.toString()}`
    const answer = (await call(serviceOf(options), { method: 'GET', path })) as Answer
    if (options.json) console.log(JSON.stringify({ project, ...answer }))
    else {
      console.log(answer.verdict)
      for (const role of ['champion', 'challenger'] as const) {
        const { id, users, mean } = answer[role]
        console.log(
          `  ${role} ${id}: ${users} users, ${mean === null ? '–' : mean.toFixed(3)} ${answer.event} each`,
        )
      }
    }
  })
}
