// Publishes a bundle: its files, then its row, and last the row that lets it answer, so that a publish
// that is cut short changes no answer.
import { join } from 'node:path'
import { CommandError } from '../terminal/failure.ts'
import { checkBundle, describeBundleFault } from './check-bundle.ts'
import type { CheckedBundle } from './check-bundle.ts'
import { champion, readDeployments } from './deployments.ts'
import { quoteSql } from './storage.ts'
import type { Storage } from './storage.ts'

/** The bundle in a folder, once it is proven. Throws CommandError with the cause where it is not. */
export async function openBundle(folder: string): Promise<CheckedBundle> {
  const checked = await checkBundle(folder)
  if (checked.ok) return checked.value
  throw new CommandError(`The bundle in ${folder} is refused: ${describeBundleFault(checked.reason)}`)
}

export interface Published {
  /** The bundle that answers: another one where two were published at once. */
  readonly champion: string
}

export async function publishBundle(
  { id, folder, manifest, cardText }: CheckedBundle,
  { storage, nowMs, note }: { readonly storage: Storage; readonly nowMs: number; readonly note?: string },
): Promise<Published> {
  const files = ['manifest.json', ...manifest.files.map(({ name }) => name)]
  await Promise.all(files.map((file) => storage.put(`bundles/${id}/${file}`, join(folder, file))))
  const values = [id, manifest.project, manifest.family, cardText].map(quoteSql).join(', ')
  await storage.execute([
    `insert or ignore into bundles (id, project, family, card, created_at) values (${values}, ${nowMs})`,
    ...champion(id, { nowMs, ...(note !== undefined && { note }) }),
  ])
  const open = (await readDeployments(storage)).find(({ untilAt }) => untilAt === null)
  return { champion: open?.bundleId ?? id }
}

export interface ListedBundle {
  readonly id: string
  readonly family: string
  /** Unix milliseconds, as the others: when it was published first. */
  readonly createdAt: number
  /** What it does now; null where it does not answer. */
  readonly role: 'champion' | null
  /** When it answered, in order; `until` is null while it does. */
  readonly served: readonly Served[]
}

export interface Served {
  readonly from: number
  readonly until: number | null
  /** Why, as whoever published or rolled back wrote it; empty where nothing was written. */
  readonly note: string
}

/** Every published bundle, the latest last. */
export async function listBundles(storage: Storage): Promise<ListedBundle[]> {
  const rows = await storage.select('select id, family, created_at from bundles order by created_at, id')
  const deployments = (await readDeployments(storage)).toReversed()
  return rows.map((row) => {
    const own = deployments.filter(({ bundleId }) => bundleId === row['id'])
    return {
      id: String(row['id']),
      family: String(row['family']),
      createdAt: Number(row['created_at']),
      role: own.some(({ untilAt }) => untilAt === null) ? 'champion' : null,
      served: own.map(({ fromAt, untilAt, note }) => ({ from: fromAt, until: untilAt, note })),
    }
  })
}
