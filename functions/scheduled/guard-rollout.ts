// Takes a challenger back that is worse than the champion beyond doubt, and lets the share of one that is to
// grow by itself grow; either stands in the audit with its reason.
import type { Figures } from '../../features/live-figures.ts'
import { plusFigures } from '../../features/live-figures.ts'
import { guardrailFault } from '../../features/statistics/guardrail.ts'
import type { ArmFigures } from '../../features/statistics/guardrail.ts'
import { onSameDays } from '../../features/statistics/same-days.ts'
import type { ArmDays } from '../../features/statistics/same-days.ts'
import type { Project } from '../../features/project.ts'
import { shareAfter, STEP_ANSWERS_MIN, STEP_LENGTHS_MAX } from '../../features/ramp.ts'
import { describeRoleFault, openDeployment, trialStart } from '../../features/roles.ts'
import type { DeploymentRow, RoleChange } from '../../features/roles.ts'
import { endAlarm, ringAlarm } from '../db/alarms.ts'
import { connect } from '../db/client.ts'
import type { Database } from '../db/client.ts'
import { changeRoles, readRoleState } from '../db/deployments.ts'
import { readLive } from '../db/outcomes.ts'
import { dayOf, readAnsweredSince, readTraffic } from '../db/predictions.ts'
import type { LoopSources } from './settle-outcomes.ts'

export interface GuardSources extends LoopSources {
  readonly variables: { readonly PREDICTION_LOG?: string | undefined }
}

/** Gives what it did, in words. */
export async function guardRollout({ project, binding, nowMs, variables }: GuardSources): Promise<string> {
  const db = connect(binding)
  const state = await readRoleState(db)
  const [champion, challenger] = [openDeployment(state, 'champion'), openDeployment(state, 'challenger')]
  if (champion === undefined || challenger === undefined) return 'no challenger is on trial'
  const { bundleId, stepMs, share, fromAt } = challenger
  const fromDay = dayOf(trialStart(state, challenger))
  const arms = onSameDays({
    champion: await daysOf(db, champion, fromDay),
    challenger: await daysOf(db, challenger, fromDay),
  })
  const fault = guardrailFault(arms.champion, arms.challenger)
  if (fault !== undefined) {
    const change = { action: 'rollback', role: 'challenger' } as const
    const done = await carryOut(db, { change, by: 'guardrail', note: fault, nowMs, decidedOn: state.version })
    if (done.isDone) {
      // One that rings over an earlier challenger is told as ended: this is another.
      await endAlarm(db, { kind: 'rollback', nowMs })
      await ringAlarm(db, { kind: 'rollback', at: nowMs, detail: `Bundle ${bundleId}: ${fault}` })
    }
    return done.words
  }
  if (stepMs === null) return `challenger ${bundleId} holds at ${100 * share} %`
  if (nowMs - fromAt < stepMs) return `challenger ${bundleId} holds at ${100 * share} % until its step ends`
  if (variables.PREDICTION_LOG === 'off')
    return `challenger ${bundleId} holds at ${100 * share} %: PREDICTION_LOG is off, and nobody knows how it answers`
  const answered = await readAnsweredSince(db, { arm: challenger, sinceMs: fromAt })
  const isOverdue = nowMs - fromAt >= STEP_LENGTHS_MAX * stepMs
  if (answered < STEP_ANSWERS_MIN && !isOverdue)
    return `challenger ${bundleId} gave ${answered} answers: its step lasts until ${STEP_ANSWERS_MIN}`
  const next = shareAfter(share)
  // Its share was so small that it was never asked: that is no reason to ask nobody else.
  if (answered === 0 && next === undefined)
    return `challenger ${bundleId} holds at ${100 * share} %: it answered nobody yet`
  const held = `held at ${100 * share} % over ${answered} logged answers${describeUnguarded(project, arms.challenger)}`
  const change: RoleChange =
    next === undefined
      ? { action: 'promote', bundleId }
      : { action: 'canary', bundleId, percent: 100 * next, stepMs }
  const done = await carryOut(db, { change, by: 'ramp', note: held, nowMs, decidedOn: state.version })
  if (done.isDone) await endAlarm(db, { kind: 'rollback', nowMs })
  return done.words
}

interface OwnChange {
  readonly change: RoleChange
  readonly by: 'guardrail' | 'ramp'
  readonly note: string
  readonly nowMs: number
  /** The version of the roles that was looked at: what a person changes meanwhile stands. */
  readonly decidedOn: number
}

async function carryOut(
  db: Database,
  { change, ...origin }: OwnChange,
): Promise<{ readonly isDone: boolean; readonly words: string }> {
  const { by, note } = origin
  const changed = await changeRoles(db, change, origin)
  if (changed.ok) return { isDone: true, words: `${by}: ${change.action} (${note})` }
  const { reason } = changed
  const why =
    reason.code === 'changed_meanwhile' ? 'the roles were changed meanwhile' : describeRoleFault(reason)
  return { isDone: false, words: `${by}: ${why}` }
}

/** Tasks whose horizon is longer than the trial: nobody knows yet how well they are answered. */
function describeUnguarded(project: Project, { figures }: ArmFigures): string {
  const unknown = Object.keys(project.tasks).filter((task) => (figures[task]?.loss.count ?? 0) === 0)
  if (unknown.length === 0) return ''
  return `; of ${unknown.join(', ')} no outcome is known by now, and nothing but failures and latency spoke for it`
}

async function daysOf(db: Database, { bundleId, role }: DeploymentRow, fromDay: number): Promise<ArmDays> {
  const traffic = (await readTraffic(db, { bundleId, fromDay })).filter((row) => row.role === role)
  const figures: Record<string, Map<number, Figures>> = {}
  for (const row of await readLive(db, { bundleId, fromDay })) {
    if (row.role !== role) continue
    const days = (figures[row.task] ??= new Map<number, Figures>())
    days.set(row.day, plusFigures(days.get(row.day), row.figures))
  }
  return { traffic: new Map(traffic.map((row) => [row.day, row])), figures }
}
