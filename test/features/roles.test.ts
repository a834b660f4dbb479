import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openDeployment, planRoleChange, ROLES } from '../../features/roles.ts'
import type { DeploymentRow, RoleChange, RolePlan, RoleState } from '../../features/roles.ts'

const BUNDLES = ['a', 'b', 'c']
const nothing: RoleState = { version: 0, bundles: BUNDLES, deployments: [] }

/** The state after a plan, as roleStatements writes it. */
function carryOut({ version, bundles, deployments }: RoleState, { close, open }: RolePlan): RoleState {
  const closed = deployments.map((row) => (close.includes(row.id) ? { ...row, untilAt: version + 1 } : row))
  const row: DeploymentRow | undefined =
    open === null
      ? undefined
      : { ...open, id: deployments.length + 1, fromAt: version + 1, untilAt: null, note: '' }
  return { version: version + 1, bundles, deployments: row === undefined ? closed : [row, ...closed] }
}

function after(changes: readonly RoleChange[]): RoleState {
  return changes.reduce((state, change) => {
    const plan = planRoleChange(state, change)
    return plan.ok ? carryOut(state, plan.value) : state
  }, nothing)
}

function players(state: RoleState): (string | undefined)[] {
  return ROLES.map((role) => openDeployment(state, role)?.bundleId)
}

const bundleId = fc.constantFrom(...BUNDLES, 'unknown')
const change: fc.Arbitrary<RoleChange> = fc.oneof(
  fc.record({ action: fc.constant('promote' as const), bundleId }),
  fc.record({ action: fc.constant('canary' as const), bundleId, percent: fc.integer({ min: -1, max: 102 }) }),
  fc.record({ action: fc.constant('shadow' as const), bundleId }),
  fc.constant({ action: 'rollback' as const }),
  fc.record({ action: fc.constant('rollback' as const), role: fc.constantFrom(...ROLES) }),
)

describe('planRoleChange', () => {
  it('leaves one player a role, none in two roles, and a champion from the first on, whatever is asked', () => {
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const state = after(changes)
        const open = state.deployments.filter(({ untilAt }) => untilAt === null)
        expect(new Set(open.map(({ role }) => role)).size).toBe(open.length)
        expect(new Set(open.map((row) => row.bundleId)).size).toBe(open.length)
        expect(open.some(({ role }) => role === 'champion')).toBe(state.deployments.length > 0)
        for (const { share } of open) expect(share > 0 && share <= 1).toBe(true)
      }),
    )
  })

  const promoted: RoleChange[] = [
    { action: 'promote', bundleId: 'a' },
    { action: 'promote', bundleId: 'b' },
  ]
  const onTrial: RoleChange[] = [...promoted, { action: 'canary', bundleId: 'c', percent: 5 }]

  it('ends a trial before it takes back a promotion', () => {
    expect(players(after(onTrial))).toEqual(['b', 'c', undefined])
    expect(players(after([...onTrial, { action: 'rollback' }]))).toEqual(['b', undefined, undefined])
    expect(players(after([...onTrial, { action: 'rollback' }, { action: 'rollback' }]))).toEqual([
      'a',
      undefined,
      undefined,
    ])
  })

  it('ends a trial where its champion goes, whichever way', () => {
    const back = after([...onTrial, { action: 'rollback', role: 'champion' }])
    expect(players(back)).toEqual(['a', undefined, undefined])
    expect(players(after([...onTrial, { action: 'promote', bundleId: 'a' }]))).toEqual([
      'a',
      undefined,
      undefined,
    ])
  })

  it('lets the share of a challenger grow, and a shadow become one', () => {
    const grown = after([...onTrial, { action: 'canary', bundleId: 'c', percent: 25 }])
    expect(openDeployment(grown, 'challenger')).toMatchObject({ bundleId: 'c', share: 0.25 })
    const shadow: RoleChange[] = [...promoted, { action: 'shadow', bundleId: 'c' }]
    expect(players(after(shadow))).toEqual(['b', undefined, 'c'])
    const tried = after([...shadow, { action: 'canary', bundleId: 'c', percent: 1 }])
    expect(players(tried)).toEqual(['b', 'c', undefined])
  })

  const refused: [string, RoleChange[], RoleChange, string][] = [
    ['0 percent', promoted, { action: 'canary', bundleId: 'c', percent: 0 }, 'percent_out_of_range'],
    ['101 percent', promoted, { action: 'canary', bundleId: 'c', percent: 101 }, 'percent_out_of_range'],
    [
      'what is no number',
      promoted,
      { action: 'canary', bundleId: 'c', percent: NaN },
      'percent_out_of_range',
    ],
    ['a bundle not published', promoted, { action: 'promote', bundleId: 'x' }, 'not_published'],
    ['a trial without a champion', [], { action: 'canary', bundleId: 'c', percent: 5 }, 'no_champion'],
    ['a second challenger', onTrial, { action: 'canary', bundleId: 'a', percent: 5 }, 'other_challenger'],
    ['the same again', promoted, { action: 'promote', bundleId: 'b' }, 'plays_already'],
    ['the champion on trial', promoted, { action: 'shadow', bundleId: 'b' }, 'plays_already'],
    ['going back before the first', promoted.slice(0, 1), { action: 'rollback' }, 'nothing_before'],
    ['going back from nothing', [], { action: 'rollback' }, 'nobody_plays'],
    ['ending what does not run', promoted, { action: 'rollback', role: 'shadow' }, 'nobody_plays'],
  ]
  it.each(refused)('refuses %s', (_name, before, asked, code) => {
    expect(planRoleChange(after(before), asked)).toMatchObject({ ok: false, reason: { code } })
  })
})
