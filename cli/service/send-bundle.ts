// Brings a bundle to a service and lets it answer, by the service's own routes: who trains needs one key, and
// nothing of the account that the service runs in.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { storableText } from '../../features/cut-text.ts'
import type { RoleChange } from '../../features/roles.ts'
import type { Service } from './client.ts'
import type { CheckedBundle } from '../storage/check-bundle.ts'
import { call } from './call.ts'

/** Some megabytes take a while, and so does proving them. */
const ANSWER_MS_MAX = 120_000

/** Publishes a bundle, which answers nobody yet. Done again it changes nothing. Throws as `call`. */
export async function sendBundle(service: Service, { id, folder, manifest }: CheckedBundle): Promise<void> {
  // The manifest first: the service holds the others against it.
  for (const file of ['manifest.json', ...manifest.files.map(({ name }) => name)])
    await call(service, {
      method: 'PUT',
      path: `/v1/bundles/${id}/${file}`,
      bytes: readFileSync(join(folder, file)),
      answerMsMax: ANSWER_MS_MAX,
    })
  await call(service, { method: 'POST', path: `/v1/bundles/${id}`, answerMsMax: ANSWER_MS_MAX })
}

/**
 * Gives a published bundle its role. Throws as `call`: Refused with role_refused where it may not have it, with
 * roles_changed where the roles are others than those the change was decided on.
 */
export async function giveRole(
  service: Service,
  change: Exclude<RoleChange, { readonly action: 'rollback' }>,
  { note, decidedOn }: { readonly note: string; readonly decidedOn: number },
): Promise<void> {
  const { action, bundleId } = change
  const trial =
    change.action === 'canary'
      ? {
          percent: change.percent,
          ...(change.stepMs !== undefined && { stepHours: change.stepMs / 3_600_000 }),
        }
      : {}
  await call(service, {
    method: 'POST',
    path: '/v1/deployments',
    body: { action, bundleId, ...trial, note: storableText(note, NOTE_LENGTH_MAX), decidedOn },
  })
}

/** As the service takes it. */
const NOTE_LENGTH_MAX = 1_000
