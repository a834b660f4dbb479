// Publishes a bundle: its files, then its row, and last the row that lets it answer, so that a publish
// that is cut short changes no answer.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { bundleId } from '../../features/hash.ts'
import { manifestSchema } from '../../features/manifest.ts'
import { CommandError } from '../terminal/failure.ts'
import { quoteSql } from './storage.ts'
import type { Storage } from './storage.ts'

const FILES = ['model.onnx', 'manifest.json', 'card.json'] as const

export interface PublishRequest {
  readonly project: string
  readonly folder: string
  readonly storage: Storage
  readonly nowMs: number
}

/** Gives the bundle's id. Throws CommandError where the bundle is not whole or of another project. */
export async function publishBundle({ project, folder, storage, nowMs }: PublishRequest): Promise<string> {
  for (const file of FILES) {
    if (!existsSync(join(folder, file))) throw new CommandError(`${folder} is no bundle: ${file} is missing`)
  }
  const manifestText = readFileSync(join(folder, 'manifest.json'), 'utf8')
  const cardText = readFileSync(join(folder, 'card.json'), 'utf8')
  const model = new Uint8Array(readFileSync(join(folder, 'model.onnx')))
  const manifest = manifestSchema.parse(JSON.parse(manifestText))
  if (manifest.project !== project) {
    throw new CommandError(`${folder} is a bundle of project '${manifest.project}', not of '${project}'`)
  }
  const id = await bundleId({ model, manifestText, cardText })
  await Promise.all(FILES.map((file) => storage.put(`bundles/${id}/${file}`, join(folder, file))))
  const values = [id, project, manifest.family, cardText].map(quoteSql).join(', ')
  await storage.execute([
    `insert or ignore into bundles (id, project, family, card, created_at) values (${values}, ${nowMs})`,
    `insert into deployments (role, bundle_id, deployed_at) values ('champion', ${quoteSql(id)}, ${nowMs})
      on conflict (role) do update set bundle_id = excluded.bundle_id, deployed_at = excluded.deployed_at`,
  ])
  return id
}

/** The folder of the bundle that was made last; undefined where there is none. */
export function latestBundle(bundlesFolder: string): string | undefined {
  if (!existsSync(bundlesFolder)) return undefined
  const folders = readdirSync(bundlesFolder)
    .filter((name) => !name.includes('.draft-'))
    .map((name) => join(bundlesFolder, name))
    .filter((folder) => existsSync(join(folder, 'manifest.json')))
  return folders.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0]
}
