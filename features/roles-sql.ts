// Reading and changing roles in D1, for whoever does: the service and the command line. Deployments are added
// and closed, never changed otherwise, and every change is a row of the audit.
import { quoteSql } from './quote-sql.ts'
import { ROLES } from './roles.ts'
import type { DeploymentRow, RolePlan, RoleState } from './roles.ts'

/** One row: what `roleStateOf` reads. */
export const ROLE_STATE_SQL = `select
  (select coalesce(max(id), 0) from audit) as version,
  (select json_group_array(id) from bundles) as bundles,
  (select json_group_array(json_object('id', id, 'role', role, 'bundleId', bundle_id, 'share', share,
    'fromAt', from_at, 'untilAt', until_at, 'note', note, 'restores', restores, 'stepMs', step_ms))
    from (select * from deployments where role in (${ROLES.map(quoteSql).join(', ')}) order by id desc)
  ) as deployments`

/** The state in the row of ROLE_STATE_SQL, whose columns are a number and two texts. */
export function roleStateOf(row: Readonly<Record<string, unknown>> | undefined): RoleState {
  const { version, bundles, deployments } = row as Readonly<Record<keyof RoleState, string>>
  return {
    version: Number(version),
    bundles: JSON.parse(bundles) as string[],
    deployments: JSON.parse(deployments) as DeploymentRow[],
  }
}

/** Who changes roles, when and why. */
export interface ChangeAuthor {
  readonly by: string
  readonly note: string
  readonly nowMs: number
}

/**
 * The statements of a plan, to be committed together. The audit's number is that of the state the plan was
 * made from, plus one: of two changes made from one state, the second finds its number taken and fails whole.
 */
export function roleStatements(
  { version }: RoleState,
  plan: RolePlan,
  { by, note, nowMs }: ChangeAuthor,
): string[] {
  const { action, bundleId, close, open } = plan
  const said = `${quoteSql(by)}, ${quoteSql(note)}`
  return [
    `insert into audit (id, at, action, bundle_id, share, by, note)
      values (${version + 1}, ${nowMs}, ${quoteSql(action)}, ${quoteSql(bundleId)}, ${open?.share ?? 'null'}, ${said})`,
    ...(close.length === 0
      ? []
      : [
          `update deployments set until_at = ${nowMs} where id in (${close.join(', ')}) and until_at is null`,
        ]),
    ...(open === null
      ? []
      : [
          `insert into deployments (role, bundle_id, share, from_at, by, note, restores, step_ms)
            values (${quoteSql(open.role)}, ${quoteSql(open.bundleId)}, ${open.share}, ${nowMs}, ${said},
            ${open.restores ?? 'null'}, ${open.stepMs ?? 'null'})`,
        ]),
  ]
}
