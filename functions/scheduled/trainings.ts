// Asks on each turn of the clock whether a training is due, queues it, and tells a trainer; a training that
// nobody took up is told again now and then, and after a while rings.
import type { Project } from '../../features/project.ts'
import { ringAlarm } from '../db/alarms.ts'
import { connect } from '../db/client.ts'
import { noteWoken, queueTraining, readTrainingFacts } from '../db/trainings.ts'
import type { Training } from '../db/trainings.ts'
import { decide } from './due/decide.ts'
import { wake } from './wake/wake.ts'
import type { WakeVariables } from './wake/wake.ts'

const TELL_AGAIN_MS = 30 * 60_000
/** A trainer that was told begins sooner, and one that asks by itself too. */
const UNHEARD_MS = 2 * 3_600_000

export interface TurnRequest {
  readonly project: Project
  readonly binding: D1Database
  readonly variables: WakeVariables & { readonly TRAINING?: string | undefined }
  readonly nowMs: number
}

/** Gives what it did, in words. */
export async function considerTraining(request: TurnRequest): Promise<string> {
  const { binding, variables, nowMs } = request
  const db = connect(binding)
  const facts = await readTrainingFacts(db)
  const { open } = facts
  if (open !== undefined && isWaiting(open, nowMs)) {
    const words = `Training ${open.id} waits for a trainer: ${await tell(open, request)}`
    const sinceMs = open.leaseUntil ?? open.queuedAt
    if (nowMs - sinceMs >= UNHEARD_MS) {
      const since = new Date(sinceMs).toISOString()
      await ringAlarm(db, { kind: 'training', at: nowMs, detail: `${words} (since ${since})` })
    }
    return words
  }
  const { isDue, why } = decide({ facts, nowMs, isOn: variables.TRAINING !== 'off' })
  if (!isDue) return `no training is due: ${why}`
  const queued = await queueTraining(db, { why, nowMs })
  return queued === undefined
    ? 'a training was queued meanwhile'
    : `training ${queued.id} is queued (${why}): ${await tell(queued, request)}`
}

/** Tells a trainer; gives what came of it, in words. */
export async function tell({ id, why }: Training, request: TurnRequest): Promise<string> {
  const { project, binding, variables, nowMs } = request
  const told = await wake({ project: project.name, trainingId: id, why, variables })
  await noteWoken(connect(binding), { id, nowMs })
  return told.ok ? told.value : `nobody could be told: ${told.reason}`
}

/** Whether nobody has it in hand, and nobody was told of late. */
function isWaiting({ state, leaseUntil, wokenAt }: Training, nowMs: number): boolean {
  const isFree = state === 'queued' || (leaseUntil ?? 0) <= nowMs
  return isFree && nowMs - (wokenAt ?? 0) >= TELL_AGAIN_MS
}
