// Changes who plays which role by the service's own route: it takes an admin key, and nothing of the account that
// the service runs in.
import { storableText } from '../../features/cut-text.ts'
import { HOUR_MS } from '../../features/project.ts'
import type { RoleChange } from '../../features/roles.ts'
import type { Service } from './client.ts'
import { call } from './call.ts'

export interface Decided {
  /** Why. */
  readonly note: string
  /** The version of the roles that it was decided on. */
  readonly decidedOn: number
}

/** The change as the service wrote it down. */
export interface GivenRole {
  readonly bundleId: string
  /** Of the users whom the bundle answers now; null where the change only ended something. */
  readonly percent: number | null
  /** Who answers now. */
  readonly champion: string | undefined
}

/** As the service takes it. */
const NOTE_LENGTH_MAX = 1_000

/**
 * Throws as `call`: Refused with role_refused where that is not allowed, with roles_changed where the roles are
 * others than those the change was decided on.
 */
export async function giveRole(
  service: Service,
  change: RoleChange,
  { note, decidedOn }: Decided,
): Promise<GivenRole> {
  const body = { ...sentOf(change), note: storableText(note, NOTE_LENGTH_MAX), decidedOn }
  const { champion, audit } = (await call(service, { method: 'POST', path: '/v1/deployments', body })) as {
    readonly champion: { readonly id: string } | null
    readonly audit: readonly { readonly bundleId: string; readonly percent: number | null }[]
  }
  const [latest] = audit
  if (latest === undefined) throw new Error('Expected the change in the audit, got none')
  return { ...latest, champion: champion?.id }
}

function sentOf(change: RoleChange): object {
  if (change.action !== 'canary') return change
  const { stepMs, ...rest } = change
  return { ...rest, ...(stepMs !== undefined && { stepHours: stepMs / HOUR_MS }) }
}
