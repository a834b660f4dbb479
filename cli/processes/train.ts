// Training in a process of its own (train-child.ts), so that the rest goes on meanwhile.
import { fork } from 'node:child_process'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { DataPath } from '../../training/data/files/data-path.ts'
import { CommandError } from '../terminal/failure.ts'
import { guardChild, signalGroup } from './watchdog.ts'

export interface TrainRequest {
  /** The path of its declaration. */
  readonly projectFile: string
  readonly path: DataPath
  readonly skipBadRows: boolean
  readonly family: string
  readonly minutes?: number | undefined
  readonly seed: number
  readonly bundlesFolder: string
}

/** What the child sends at its end. */
export type Outcome = { readonly folder: string } | { readonly error: string }

export interface Training {
  /** The bundle's folder. Rejects with CommandError where training fails. */
  readonly folder: Promise<string>
  /** Resolves once nothing of it runs. */
  stop(): Promise<void>
}

const STOP_MS_MAX = 3_000

export function startTraining(request: TrainRequest): Training {
  const child = fork(join(import.meta.dirname, 'train-child.ts'), [JSON.stringify(request)], {
    detached: true,
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  guardChild(child)
  const closed = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const folder = new Promise<string>((resolve, reject) => {
    child.once('message', (outcome: Outcome) => {
      if ('folder' in outcome) resolve(outcome.folder)
      else reject(new CommandError(outcome.error))
    })
    child.once('error', reject)
    child.once('exit', (code, signal) => reject(new CommandError(`Training ended early (${signal ?? code})`)))
  })
  // Who waits for it does other things first, and a refusal may come before they are done.
  folder.catch(() => {})
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM')
    await Promise.race([closed, sleep(STOP_MS_MAX, undefined, { ref: false })])
    signalGroup(child, 'SIGKILL')
  }
  return { folder, stop }
}
