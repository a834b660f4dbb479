// presage predict: asks a running service.
import type { Command } from 'commander'
import { CommandError } from '../terminal/failure.ts'
import { predict } from '../service/client.ts'

interface Options {
  readonly user: string
  readonly task?: readonly string[]
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
    .option('--url <url>', 'of the service', 'http://127.0.0.1:8787')
    .option('--key <key>', 'an API key with the scope predict (the environment variable PRESAGE_KEY)')
    .option('--json', 'print one line of JSON, also on a terminal')
    .action(async ({ user: userId, task: tasks, url, ...options }: Options) => {
      const key = options.key ?? process.env['PRESAGE_KEY']
      if (key === undefined) throw new CommandError('No key: give --key or set PRESAGE_KEY')
      const service = { url: url.replace(/\/+$/, ''), key }
      const answer = await predict(service, { userId, ...(tasks !== undefined && { tasks }) })
      const isForPeople = process.stdout.isTTY && options.json !== true
      console.log(JSON.stringify(answer, undefined, isForPeople ? 2 : undefined))
    })
}
