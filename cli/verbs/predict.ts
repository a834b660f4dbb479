// presage predict: asks a running service.
import type { Command } from 'commander'
import { predict } from '../service/client.ts'
import { serviceOf, URL_DEFAULT } from '../terminal/service-option.ts'

interface Options {
  readonly user: string
  readonly task?: readonly string[]
  readonly explain?: true
  readonly interval?: true
  readonly url: string
  readonly key?: string
  readonly json?: true
}

export function addPredict(program: Command): void {
  program
    .command('predict')
    .description('ask a running service about a user; prints its answer as JSON')
    .requiredOption('--user <id>', 'the user')
    .option('--task <names...>', 'only these tasks')
    .option('--explain', 'with the reasons of each answer')
    .option('--interval', 'with how well each probability is known')
    .option('--url <url>', 'of the service', URL_DEFAULT)
    .option('--key <key>', 'an API key with the scope predict (the environment variable PRESAGE_KEY)')
    .option('--json', 'print one line of JSON, also on a terminal')
    .action(async ({ user: userId, task: tasks, explain, interval, url, ...options }: Options) => {
      const answer = await predict(serviceOf({ ...options, url }), {
        userId,
        ...(tasks !== undefined && { tasks }),
        ...(explain && { explain }),
        ...(interval && { interval }),
      })
      const isForPeople = process.stdout.isTTY && options.json !== true
      console.log(JSON.stringify(answer, undefined, isForPeople ? 2 : undefined))
    })
}
