// From a bundle that was trained to its first role: judged against who answers, sent, and given a role on the very
// roles that it was judged by. Who answers may change meanwhile; then it is judged by that one.
import { HOUR_MS } from '../../features/project.ts'
import { RAMP_SHARES } from '../../features/ramp.ts'
import type { RoleChange } from '../../features/roles.ts'
import { Refused } from '../service/call.ts'
import type { SeenRoles } from './champion.ts'
import type { Ending } from './held-training.ts'
import type { Judgement } from './judge.ts'

/** How a bundle that won begins: a few users first, and more by the ramp's steps; or everybody at once. */
export type Rollout = { readonly kind: 'canary'; readonly stepHours: number } | { readonly kind: 'at once' }

export interface Carried {
  readonly state: Ending
  readonly verdict: string
}

export type FirstRole = Extract<RoleChange, { readonly action: 'promote' | 'canary' }>

export interface Deploying {
  readonly request: { readonly rollout: Rollout }
  readonly rolesNow: () => Promise<SeenRoles>
  /** Against a bundle; undefined where none answers. */
  readonly judge: (champion: string | undefined) => Promise<Judgement>
  readonly send: () => Promise<void>
  /** Throws Refused with role_refused or roles_changed where the service does not let it. */
  readonly giveRole: (
    change: FirstRole,
    decided: { readonly words: string; readonly decidedOn: number },
  ) => Promise<void>
}

/** Roles that change as often while one is compared are no longer waited for. */
const COMPARISONS_MAX = 5

export async function deployWinner({ id }: { readonly id: string }, deploying: Deploying): Promise<Carried> {
  const { request, rolesNow, judge, send, giveRole } = deploying
  let judged: { readonly champion: string | undefined; readonly words: string } | undefined
  for (let comparison = 1; ; comparison += 1) {
    const { champion, version: decidedOn } = await rolesNow()
    if (champion === id)
      return { state: 'kept', verdict: `bundle ${id} answers already: the same came out again` }
    if (judged === undefined || judged.champion !== champion) {
      const { isPromoted, words } = await judge(champion)
      if (!isPromoted) return { state: 'kept', verdict: words }
      judged = { champion, words }
    }
    const { words } = judged
    await send()
    try {
      await giveRole(firstRole(id, { champion, rollout: request.rollout }), { words, decidedOn })
      return { state: 'published', verdict: words }
    } catch (error) {
      if (!isRefusedRole(error)) throw error
      // A call that was not answered may have been carried out, and was then made again.
      if (playsIn(await rolesNow(), id)) return { state: 'published', verdict: words }
      if (error.code === 'role_refused' || comparison === COMPARISONS_MAX)
        return { state: 'kept', verdict: `${words}; but it plays no role: ${error.message}` }
    }
  }
}

/** Whether a bundle answers anybody. */
export function playsIn({ champion, challenger }: SeenRoles, bundleId: string): boolean {
  return champion === bundleId || challenger === bundleId
}

/** Where nobody answers, or where that was asked for, everybody at once; else a few users first. */
function firstRole(
  bundleId: string,
  { champion, rollout }: { readonly champion: string | undefined; readonly rollout: Rollout },
): FirstRole {
  if (champion === undefined || rollout.kind === 'at once') return { action: 'promote', bundleId }
  const [first] = RAMP_SHARES
  return { action: 'canary', bundleId, percent: 100 * first, stepMs: rollout.stepHours * HOUR_MS }
}

function isRefusedRole(error: unknown): error is Refused {
  return error instanceof Refused && (error.code === 'role_refused' || error.code === 'roles_changed')
}
