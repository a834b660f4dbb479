// Asks a service for trainings and carries them out, one after the other.
import { setTimeout as sleep } from 'node:timers/promises'
import { messageOf } from '../terminal/failure.ts'
import { Refused } from '../service/call.ts'
import { carryOut } from './carry-out.ts'
import type { TrainerRequest } from './carry-out.ts'
import type { Carried } from './deploy-winner.ts'
import { claimTraining } from './held-training.ts'
import type { Ending } from './held-training.ts'

export interface TurnRequest extends TrainerRequest {
  readonly leaseMs: number
}

export interface Turn extends Carried {
  readonly training: number
}

const ENDED: Readonly<Record<Ending, string>> = {
  published: 'published',
  kept: 'the champion stays',
  refused: 'refused',
  failed: 'failed',
}

/** Takes up what is to be done, if anything is. Throws Refused where it was lost on the way. */
export async function takeTurn(request: TurnRequest): Promise<Turn | undefined> {
  const { project, service, leaseMs, say } = request
  const held = await claimTraining(service, { project: project.name, leaseMs })
  if (held === undefined) return undefined
  const again = held.claims > 1 ? `, taken up for the ${held.claims}th time` : ''
  say(`training ${held.id} (${held.why})${again}`)
  try {
    const carried = await carryOut(held, request)
    say(`training ${held.id}: ${ENDED[carried.state]}: ${carried.verdict}`)
    return { training: held.id, ...carried }
  } finally {
    held.release()
  }
}

/** Goes on until the process ends. What fails is said, and asked for again later. */
export async function runTrainer(request: TurnRequest & { readonly pollMs: number }): Promise<never> {
  const { pollMs, say } = request
  for (;;) {
    try {
      if ((await takeTurn(request)) !== undefined) continue
    } catch (error) {
      if (error instanceof Refused && error.code !== 'lease_lost') throw error
      say(messageOf(error))
    }
    await sleep(pollMs)
  }
}
