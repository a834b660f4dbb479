// The bundle that answers, as files: those of this machine, or what the service has of it.
import { existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseManifest } from '../../features/manifest-schema.ts'
import type { Service } from '../service/client.ts'
import { fetchAgain, isOk } from '../service/fetch-again.ts'
import { projectPaths } from '../storage/paths.ts'
import { CommandError } from '../terminal/failure.ts'
import { call } from '../service/call.ts'
import { makeFolder } from '../../training/make-folder.ts'

const PATIENCE = { answerMsMax: 60_000, pausesMs: [500, 1_000, 2_000, 4_000] }

/** The ids of the bundles that answer; undefined where none does. */
export interface SeenRoles {
  /** Absent where the service is of a version that does not tell. */
  readonly project?: string
  readonly champion: string | undefined
  readonly challenger: string | undefined
  /** A change that is decided on them names it, and is refused where the roles are others by then. */
  readonly version: number
}

export async function rolesOf(service: Service): Promise<SeenRoles> {
  const { project, champion, challenger, version } = (await call(service, {
    method: 'GET',
    path: '/v1/deployments',
  })) as {
    readonly project?: string
    readonly champion: { readonly id: string } | null
    readonly challenger: { readonly id: string } | null
    readonly version: number
  }
  return {
    ...(project !== undefined && { project }),
    champion: champion?.id,
    challenger: challenger?.id,
    version,
  }
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
  const headers = { authorization: `Bearer ${key}` }
  const answered = await fetchAgain(`${url}/v1/bundles/${path}`, { headers }, PATIENCE)
  if (answered === undefined) throw new CommandError(`No service answers at ${url}`)
  if (!isOk(answered)) throw new CommandError(`GET /v1/bundles/${path} answered ${answered.status}`)
  return answered.body
}
