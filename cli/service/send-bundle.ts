// Brings a bundle to a service by the service's own routes: who trains needs one key, and
// nothing of the account that the service runs in.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
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
