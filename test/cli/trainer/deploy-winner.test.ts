import { describe, expect, it } from 'vitest'
import { Refused } from '../../../cli/service/call.ts'
import type { SeenRoles } from '../../../cli/trainer/champion.ts'
import { deployWinner } from '../../../cli/trainer/deploy-winner.ts'
import type { Deploying } from '../../../cli/trainer/deploy-winner.ts'

/** A service whose roles `change` after so many comparisons, as a person may change them. */
function service(options: {
  readonly changes?: readonly Partial<SeenRoles>[]
  readonly beats?: (champion: string | undefined) => boolean
  readonly isAnswerLost?: boolean
}) {
  const { changes = [], beats = () => true, isAnswerLost = false } = options
  let roles: SeenRoles = { champion: 'a', challenger: undefined, version: 1 }
  const compared: (string | undefined)[] = []
  const deploying: Deploying = {
    request: { rollout: { kind: 'canary', stepHours: 1 } },
    rolesNow: () => Promise.resolve(roles),
    judge: (champion) => {
      compared.push(champion)
      return Promise.resolve({ isPromoted: beats(champion), words: `against ${champion ?? 'nobody'}` })
    },
    send: () => {
      const change = changes[roles.version - 1]
      if (change !== undefined) roles = { ...roles, ...change, version: roles.version + 1 }
      return Promise.resolve()
    },
    giveRole: ({ action, bundleId }, { decidedOn }) => {
      if (decidedOn !== roles.version) return Promise.reject(new Refused('roles_changed', 'changed'))
      const role = action === 'promote' ? 'champion' : 'challenger'
      roles = { ...roles, [role]: bundleId, version: roles.version + 1 }
      return isAnswerLost ? Promise.reject(new Refused('roles_changed', 'changed')) : Promise.resolve()
    },
  }
  return { deploying, compared, rolesNow: () => roles }
}

describe('deployWinner', () => {
  it('compares with who answers by then, where another was promoted meanwhile', async () => {
    const { deploying, compared, rolesNow } = service({ changes: [{ champion: 'b' }] })
    expect(await deployWinner({ id: 'new' }, deploying)).toEqual({ state: 'published', verdict: 'against b' })
    expect(compared).toEqual(['a', 'b'])
    expect(rolesNow()).toMatchObject({ champion: 'b', challenger: 'new' })
  })

  it('gives no role to what does not win against who answers by then', async () => {
    const { deploying, rolesNow } = service({ changes: [{ champion: 'b' }], beats: (other) => other === 'a' })
    expect(await deployWinner({ id: 'new' }, deploying)).toEqual({ state: 'kept', verdict: 'against b' })
    expect(rolesNow()).toMatchObject({ champion: 'b', challenger: undefined })
  })

  it('compares once where other roles change meanwhile, and ends where they never rest', async () => {
    const quiet = service({ changes: [{}] })
    expect(await deployWinner({ id: 'new' }, quiet.deploying)).toMatchObject({ state: 'published' })
    expect(quiet.compared).toEqual(['a'])
    const restless = service({ changes: Array.from({ length: 100 }, () => ({})) })
    const { state, verdict } = await deployWinner({ id: 'new' }, restless.deploying)
    expect(state).toBe('kept')
    expect(verdict).toContain('plays no role')
  })

  it('knows that its own change was made, though the answer to it was lost', async () => {
    const { deploying } = service({ isAnswerLost: true })
    expect(await deployWinner({ id: 'new' }, deploying)).toMatchObject({ state: 'published' })
  })
})
