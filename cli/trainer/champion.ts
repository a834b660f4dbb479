// The bundle that answers, as files: those of this machine, or what the service has of it.
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseManifest } from '../../features/manifest-schema.ts'
import type { Service } from '../service/client.ts'
import { projectPaths } from '../storage/paths.ts'
import { CommandError } from '../terminal/failure.ts'
import { call } from './call.ts'
import { makeFolder } from '../../training/make-folder.ts'

const ANSWER_MS_MAX = 60_000

/** The id of the bundle that answers; undefined where none does. */
export async function championOf(service: Service): Promise<string | undefined> {
  const { champion } = (await call(service, { method: 'GET', path: '/v1/models' })) as {
    readonly champion: { readonly id: string } | null
  }
  return champion?.id
}

/** Brings the files of a published bundle here, whole or not at all; does nothing where they are. */
export async function bringBundle(
  service: Service,
  { project, id }: { readonly project: string; readonly id: string },
): Promise<void> {
  const folder = join(projectPaths(project).bundles, id)
  if (existsSync(join(folder, 'manifest.json'))) return
  const draft = `${folder}.draft-${process.pid}`
  makeFolder(draft)
  try {
    const manifestBytes = await fetchFile(service, `${id}/manifest.json`)
    const manifest = parseManifest(manifestBytes.toString('utf8'))
    if (!manifest.ok) throw new CommandError(`Bundle ${id} of the service cannot be read: ${manifest.reason}`)
    for (const { name } of manifest.value.files)
      writeFileSync(join(draft, name), await fetchFile(service, `${id}/${name}`))
    writeFileSync(join(draft, 'manifest.json'), manifestBytes)
    renameSync(draft, folder)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

async function fetchFile({ url, key }: Service, path: string): Promise<Buffer> {
  const response = await fetch(`${url}/v1/bundles/${path}`, {
    headers: { authorization: `Bearer ${key}` },
    signal: AbortSignal.timeout(ANSWER_MS_MAX),
  })
  if (!response.ok) throw new CommandError(`GET /v1/bundles/${path} answered ${response.status}`)
  return Buffer.from(await response.arrayBuffer())
}
