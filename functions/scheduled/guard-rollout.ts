// Takes a challenger back that is worse than the champion beyond doubt, and lets the share of one that is to
// grow by itself grow; either stands in the audit with its reason.
import type { Figures } from '../../features/live-figures.ts'
import { plusFigures } from '../../features/live-figures.ts'
import { guardrailFault } from '../../features/statistics/guardrail.ts'
import type { ArmFigures } from '../../features/statistics/guardrail.ts'
import { shareAfter, STEP_LENGTHS_MAX, STEP_REQUESTS_MIN } from '../../features/ramp.ts'
import { describeRoleFault, openDeployment, trialStart } from '../../features/roles.ts'
import type { DeploymentRow, RoleChange } from '../../features/roles.ts'
import { endAlarm, ringAlarm } from '../db/alarms.ts'
import { connect } from '../db/client.ts'
import type { Database } from '../db/client.ts'
import { changeRoles, readRoleState } from '../db/deployments.ts'
import { readLive } from '../db/outcomes.ts'
import { dayOf, readTraffic } from '../db/predictions.ts'
import type { LoopSources } from './settle-outcomes.ts'

/** Gives what it did, in words. */
export async function guardRollout({ binding, nowMs }: LoopSources): Promise<string> {
  const db = connect(binding)
  const state = await readRoleState(db)
  const [champion, challenger] = [openDeployment(state, 'champion'), openDeployment(state, 'challenger')]
  if (champion === undefined || challenger === undefined) return 'no challenger is on trial'
  const { bundleId, stepMs, share, fromAt } = challenger
  const fromDay = dayOf(trialStart(state, challenger))
  const [before, now] = [await armOf(db, champion, fromDay), await armOf(db, challenger, fromDay)]
  const fault = guardrailFault(before, now)
  if (fault !== undefined) {
    const change = { action: 'rollback', role: 'challenger' } as const
    const done = await carryOut(db, { change, by: 'guardrail', note: fault, nowMs, decidedOn: state.version })
    if (done.isDone)
      await ringAlarm(db, { kind: 'rollback', at: nowMs, detail: `Bundle ${bundleId}: ${fault}` })
    return done.words
  }
  if (stepMs === null) return `challenger ${bundleId} holds at ${100 * share} %`
  if (nowMs - fromAt < stepMs) return `challenger ${bundleId} holds at ${100 * share} % until its step ends`
  if (now.requests < STEP_REQUESTS_MIN && nowMs - fromAt < STEP_LENGTHS_MAX * stepMs) {
    return `challenger ${bundleId} answered ${now.requests} requests: its step lasts until ${STEP_REQUESTS_MIN}`
  }
  const next = shareAfter(share)
  const held = `held at ${100 * share} % over ${now.requests} requests`
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

async function armOf(db: Database, { bundleId, role }: DeploymentRow, fromDay: number): Promise<ArmFigures> {
  const traffic = (await readTraffic(db, { bundleId, fromDay })).filter((row) => row.role === role)
  const figures: Record<string, Figures> = {}
  for (const row of await readLive(db, { bundleId, fromDay })) {
    if (row.role !== role) continue
    figures[row.task] = plusFigures(figures[row.task], row.figures)
  }
  const sum = (field: 'requests' | 'failures' | 'latencyMs' | 'latencyMsSquared'): number =>
    traffic.reduce((total, row) => total + row[field], 0)
  return {
    requests: sum('requests'),
    failures: sum('failures'),
    latencyMs: sum('latencyMs'),
    latencyMsSquared: sum('latencyMsSquared'),
    figures,
  }
}
