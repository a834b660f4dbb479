// Training in a process of its own (train-child.ts), so that the rest goes on meanwhile.
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { CommandError } from '../terminal/failure.ts'

export interface TrainRequest {
  readonly project: string
  readonly path: string
  readonly skipBadRows: boolean
  readonly family: string
  readonly seed: number
  readonly bundlesFolder: string
}

/** What the child sends at its end. */
export type Outcome = { readonly folder: string } | { readonly error: string }

export interface Training {
  /** The bundle's folder. Rejects with CommandError where training fails. */
  readonly folder: Promise<string>
  stop(): void
}

export function startTraining(request: TrainRequest): Training {
  const child = fork(join(import.meta.dirname, 'train-child.ts'), [JSON.stringify(request)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const folder = new Promise<string>((resolve, reject) => {
    child.once('message', (outcome: Outcome) => {
      if ('folder' in outcome) resolve(outcome.folder)
      else reject(new CommandError(outcome.error))
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new CommandError(`Training ended early (${signal ?? code})`)))
  })
  return { folder, stop: () => void child.kill('SIGTERM') }
}
