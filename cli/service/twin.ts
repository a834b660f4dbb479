// What the user's account does by itself, on this machine: the clock of a local service, and a trainer that
// takes up what it queues.
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../terminal/failure.ts'
import { runTrainer } from '../trainer/trainer.ts'
import type { TrainerRequest } from '../trainer/carry-out.ts'

/** As wrangler.toml has it. */
const CRON = { expression: '*/5 * * * *', everyMs: 5 * 60_000 } as const
/** Asked of one's own machine, so that who waits for it waits seconds. */
const TRAINER = { pollMs: 5_000, leaseMs: 120_000 } as const

/** Goes on until the process ends; what fails is said, and ends nothing but itself. */
export async function runTwin(request: TrainerRequest): Promise<never> {
  await Promise.all([
    runClock(request),
    runTrainer({ ...request, ...TRAINER }).catch(tell(request, 'the trainer ended')),
  ])
  return new Promise(() => undefined)
}

async function runClock(request: TrainerRequest): Promise<never> {
  const url = `${request.service.url}/cdn-cgi/local/scheduled?cron=${encodeURIComponent(CRON.expression)}`
  for (;;) {
    await fetch(url)
      .then(async (response) => {
        if (!response.ok) throw new Error(`the clock of the service answered ${response.status}`)
        await response.text()
      })
      .catch(tell(request, 'no turn of the clock'))
    await sleep(CRON.everyMs)
  }
}

function tell({ say }: TrainerRequest, what: string): (error: unknown) => void {
  return (error) => say(`${what}: ${messageOf(error)}`)
}
