// Publishes a bundle: its files, then its row, and last the row that lets it answer, so that a publish
// that is cut short changes no answer.
import { join } from 'node:path'
import { listedCard } from '../../features/listed-card.ts'
import { openDeployment, ROLES } from '../../features/roles.ts'
import type { Role } from '../../features/roles.ts'
import { CommandError } from '../terminal/failure.ts'
import { checkBundle, describeBundleFault } from './check-bundle.ts'
import type { CheckedBundle } from './check-bundle.ts'
import { changeRoles, readRoleState } from './roles.ts'
import { quoteSql } from './storage.ts'
import type { Storage } from './storage.ts'

/** The bundle in a folder, once it is proven. Throws CommandError with the cause where it is not. */
export async function openBundle(folder: string): Promise<CheckedBundle> {
  const checked = await checkBundle(folder)
  if (checked.ok) return checked.value
  throw new CommandError(`The bundle in ${folder} is refused: ${describeBundleFault(checked.reason)}`)
}

interface StoreOptions {
  readonly storage: Storage
  readonly nowMs: number
}

/** Stores a bundle without letting it answer. Done again it changes nothing. */
export async function storeBundle(
  { id, folder, manifest, cardText }: CheckedBundle,
  { storage, nowMs }: StoreOptions,
): Promise<void> {
  const files = ['manifest.json', ...manifest.files.map(({ name }) => name)]
  await Promise.all(files.map((file) => storage.put(`bundles/${id}/${file}`, join(folder, file))))
  const values = [id, manifest.project, manifest.family, listedCard(cardText)].map(quoteSql).join(', ')
  await storage.execute([
    `insert or ignore into bundles (id, project, family, card, created_at) values (${values}, ${nowMs})`,
  ])
}

/**
 * Stores a bundle and lets it answer; where it does, it changes nothing. Throws CommandError where somebody
 * else changed the roles meanwhile: then it is stored, and does not answer.
 */
export async function publishBundle(
  bundle: CheckedBundle,
  { storage, nowMs, note }: StoreOptions & { readonly note?: string },
): Promise<void> {
  await storeBundle(bundle, { storage, nowMs })
  const { id } = bundle
  if (openDeployment(await readRoleState(storage), 'champion')?.bundleId === id) return
  const change = { action: 'promote', bundleId: id } as const
  await changeRoles({ storage, nowMs, change, ...(note !== undefined && { note }) })
}

export interface ListedBundle {
  readonly id: string
  readonly family: string
  /** Unix milliseconds, as the others: when it was published first. */
  readonly createdAt: number
  /** What it does now; null where it plays no role. */
  readonly role: Role | null
  /** Of a challenger: the percentage of users whom it answers now. */
  readonly percent: number | null
  /** When it played a role, in order; `until` is null while it does. */
  readonly served: readonly Served[]
}

export interface Served {
  readonly role: Role
  readonly percent: number
  readonly from: number
  readonly until: number | null
  /** Why, as whoever changed the roles wrote it; empty where nothing was written. */
  readonly note: string
}

/** Every published bundle, the latest last. */
export async function listBundles(storage: Storage): Promise<ListedBundle[]> {
  const rows = await storage.select('select id, family, created_at from bundles order by created_at, id')
  const state = await readRoleState(storage)
  const open = ROLES.map((role) => openDeployment(state, role))
  return rows.map((row) => {
    const id = String(row['id'])
    const current = open.find((deployment) => deployment?.bundleId === id)
    const served = state.deployments.filter(({ bundleId }) => bundleId === id).toReversed()
    return {
      id,
      family: String(row['family']),
      createdAt: Number(row['created_at']),
      role: current?.role ?? null,
      percent: current?.role === 'challenger' ? current.share * 100 : null,
      served: served.map(({ role, share, fromAt, untilAt, note }) => ({
        role,
        percent: share * 100,
        from: fromAt,
        until: untilAt,
        note,
      })),
    }
  })
}
