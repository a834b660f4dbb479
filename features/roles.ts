// Which bundle plays which role, and what a change of roles does: what is allowed, and which deployments
// close and open. The service and the command line carry out the same plan (features/roles-sql.ts).
import { fail, succeed } from './result.ts'
import type { Result } from './result.ts'

/**
 * champion: answers. challenger: answers a share of the users in its place. shadow: is asked after the answer
 * was sent, and only its log is kept.
 */
export const ROLES = ['champion', 'challenger', 'shadow'] as const
export type Role = (typeof ROLES)[number]

/** A bundle in a role, once. */
export interface DeploymentRow {
  readonly id: number
  readonly role: Role
  readonly bundleId: string
  /** The share of users that it answers, above 0 and at most 1. */
  readonly share: number
  /** Unix milliseconds. */
  readonly fromAt: number
  /** Null while it plays the role. */
  readonly untilAt: number | null
  readonly note: string
  /** The deployment that a rollback brought back. */
  readonly restores: number | null
  /** Of a challenger whose share grows by itself: how long a step lasts, milliseconds. */
  readonly stepMs: number | null
}

export interface RoleState {
  /** The number of the latest change in the audit; 0 before the first. */
  readonly version: number
  /** The bundles that were published. */
  readonly bundles: readonly string[]
  /** The latest first. */
  readonly deployments: readonly DeploymentRow[]
}

export type RoleChange =
  | { readonly action: 'promote'; readonly bundleId: string }
  | {
      readonly action: 'canary'
      readonly bundleId: string
      /** Of the users, above 0 and at most 100. */
      readonly percent: number
      readonly stepMs?: number
    }
  | { readonly action: 'shadow'; readonly bundleId: string }
  /** Ends a trial; or, where none runs, lets the champion before answer again. */
  | { readonly action: 'rollback'; readonly role?: Role }
export type RoleAction = RoleChange['action']

export type NewDeployment = Pick<DeploymentRow, 'role' | 'bundleId' | 'share' | 'restores' | 'stepMs'>

export interface RolePlan {
  readonly action: RoleAction
  /** The bundle that the change is about. */
  readonly bundleId: string
  /** Ids of deployments that end. */
  readonly close: readonly number[]
  readonly open: NewDeployment | null
}

export type RoleFault =
  | { readonly code: 'not_published'; readonly bundleId: string }
  | { readonly code: 'no_champion'; readonly action: RoleAction }
  | { readonly code: 'plays_already'; readonly bundleId: string; readonly role: Role }
  | { readonly code: 'other_challenger'; readonly bundleId: string }
  | { readonly code: 'percent_out_of_range'; readonly percent: number }
  | { readonly code: 'nobody_plays'; readonly role: Role }
  | { readonly code: 'nothing_before'; readonly bundleId: string }

/** The open deployment of a role: of several, the latest. */
export function openDeployment({ deployments }: RoleState, role: Role): DeploymentRow | undefined {
  return deployments.find((row) => row.role === role && row.untilAt === null)
}

/** Since when a challenger is on trial, with whatever share: steps follow each other without a gap. */
export function trialStart({ deployments }: RoleState, challenger: DeploymentRow): number {
  return deployments
    .filter(({ role, bundleId }) => role === 'challenger' && bundleId === challenger.bundleId)
    .reduce((startAt, { fromAt, untilAt }) => (untilAt === startAt ? fromAt : startAt), challenger.fromAt)
}

/** What a change does, or why it is not allowed. */
export function planRoleChange(state: RoleState, change: RoleChange): Result<RolePlan, RoleFault> {
  if (change.action === 'rollback') return planRollback(state, change.role)
  const { action, bundleId } = change
  if (!state.bundles.includes(bundleId)) return fail({ code: 'not_published', bundleId })
  if (action === 'promote') return planPromotion(state, bundleId)
  return planTrial(state, change)
}

/** A new champion ends the trial that ran beside the one before: they were compared with that one. */
function planPromotion(state: RoleState, bundleId: string): Result<RolePlan, RoleFault> {
  const [champion, challenger] = ROLES.map((role) => openDeployment(state, role))
  if (champion?.bundleId === bundleId) return fail({ code: 'plays_already', bundleId, role: 'champion' })
  return succeed({
    action: 'promote',
    bundleId,
    close: idsOf([champion, challenger, openAs(state, 'shadow', bundleId)]),
    open: { role: 'champion', bundleId, share: 1, restores: null, stepMs: null },
  })
}

function planTrial(
  state: RoleState,
  change: Extract<RoleChange, { readonly action: 'canary' | 'shadow' }>,
): Result<RolePlan, RoleFault> {
  const { action, bundleId } = change
  const [champion, challenger, shadow] = ROLES.map((role) => openDeployment(state, role))
  if (champion === undefined) return fail({ code: 'no_champion', action })
  if (champion.bundleId === bundleId) return fail({ code: 'plays_already', bundleId, role: 'champion' })
  if (action === 'shadow') {
    const played = [challenger, shadow].find((row) => row?.bundleId === bundleId)
    if (played !== undefined) return fail({ code: 'plays_already', bundleId, role: played.role })
    const open = { role: 'shadow' as const, bundleId, share: 1, restores: null, stepMs: null }
    return succeed({ action, bundleId, close: idsOf([shadow]), open })
  }
  const { percent, stepMs = null } = change
  if (!(percent > 0 && percent <= 100)) return fail({ code: 'percent_out_of_range', percent })
  if (challenger !== undefined && challenger.bundleId !== bundleId) {
    return fail({ code: 'other_challenger', bundleId: challenger.bundleId })
  }
  const share = percent / 100
  if (challenger?.share === share && challenger.stepMs === stepMs) {
    return fail({ code: 'plays_already', bundleId, role: 'challenger' })
  }
  const open = { role: 'challenger' as const, bundleId, share, restores: null, stepMs }
  return succeed({ action, bundleId, close: idsOf([challenger, openAs(state, 'shadow', bundleId)]), open })
}

function planRollback(state: RoleState, asked: Role | undefined): Result<RolePlan, RoleFault> {
  const role = asked ?? (openDeployment(state, 'challenger') === undefined ? 'champion' : 'challenger')
  const current = openDeployment(state, role)
  if (current === undefined) return fail({ code: 'nobody_plays', role })
  const { bundleId } = current
  if (role !== 'champion') return succeed({ action: 'rollback', bundleId, close: [current.id], open: null })
  const base = current.restores ?? current.id
  const target = state.deployments.find(
    (row) => row.role === 'champion' && row.id < base && row.bundleId !== bundleId,
  )
  if (target === undefined) return fail({ code: 'nothing_before', bundleId })
  const restores = target.restores ?? target.id
  return succeed({
    action: 'rollback',
    bundleId,
    close: idsOf([current, openDeployment(state, 'challenger'), openAs(state, 'shadow', target.bundleId)]),
    open: { role, bundleId: target.bundleId, share: 1, restores, stepMs: null },
  })
}

/** The open deployment of a role where this bundle plays it: nobody plays two. */
function openAs(state: RoleState, role: Role, bundleId: string): DeploymentRow | undefined {
  const open = openDeployment(state, role)
  return open?.bundleId === bundleId ? open : undefined
}

function idsOf(rows: readonly (DeploymentRow | undefined)[]): number[] {
  return rows.flatMap((row) => (row === undefined ? [] : [row.id]))
}

/** A fault in one line, with what to do. */
export function describeRoleFault(fault: RoleFault): string {
  switch (fault.code) {
    case 'not_published':
      return `Bundle ${fault.bundleId} was not published here: presage bundles lists those that were`
    case 'no_champion':
      return `There is no champion to ${fault.action === 'shadow' ? 'run beside' : 'share with'}: promote a bundle first`
    case 'plays_already':
      return `Bundle ${fault.bundleId} is ${fault.role} already: nothing was changed`
    case 'other_challenger':
      return `Bundle ${fault.bundleId} is challenger: promote it or roll it back first`
    case 'percent_out_of_range':
      return `A canary answers more than 0 and at most 100 percent of the users, not ${fault.percent}`
    case 'nobody_plays':
      return fault.role === 'champion'
        ? 'There is nothing to go back from: no bundle was published'
        : `There is no ${fault.role} to end`
    case 'nothing_before':
      return `There is nothing to go back to: no other bundle answered before ${fault.bundleId}, which goes on`
  }
}
