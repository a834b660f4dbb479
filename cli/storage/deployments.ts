// Which bundle answers, and which did before: rows are added and closed, never changed otherwise, so that
// there is always something to go back to.
import { userInfo } from 'node:os'
import { CommandError } from '../terminal/failure.ts'
import { quoteSql } from './storage.ts'
import type { Row, Storage } from './storage.ts'

export interface Deployment {
  readonly id: number
  readonly bundleId: string
  /** Unix milliseconds. */
  readonly fromAt: number
  /** Null while it answers. */
  readonly untilAt: number | null
  readonly note: string
  /** The deployment that a rollback brought back. */
  readonly restores: number | null
}

const OPEN_CHAMPION = "role = 'champion' and until_at is null"

/** All deployments as champion, the latest first. */
export async function readDeployments(storage: Storage): Promise<Deployment[]> {
  const rows = await storage.select(
    "select id, bundle_id, from_at, until_at, note, restores from deployments where role = 'champion' order by id desc",
  )
  return rows.map(deploymentOf)
}

/**
 * What makes a bundle the champion, to be committed together. It changes nothing where the bundle is it,
 * so it may be done twice.
 */
export function champion(
  bundleId: string,
  { nowMs, note = '' }: { readonly nowMs: number; readonly note?: string },
): string[] {
  const bundle = quoteSql(bundleId)
  return [
    `update deployments set until_at = ${nowMs} where ${OPEN_CHAMPION} and bundle_id <> ${bundle}`,
    `insert into deployments (role, bundle_id, from_at, by, note)
      select 'champion', ${bundle}, ${nowMs}, ${quoteSql(operator())}, ${quoteSql(note)}
      where not exists (select 1 from deployments where ${OPEN_CHAMPION} and bundle_id = ${bundle})`,
  ]
}

export interface RolledBack {
  /** What answers now. */
  readonly bundle: string
  /** What answered before. */
  readonly from: string
}

/**
 * Lets the bundle answer that did before the present one. Done again, it goes back further. Throws
 * CommandError where there was none before, or where somebody published meanwhile: then it did nothing.
 */
export async function rollBack(request: {
  readonly storage: Storage
  readonly nowMs: number
  readonly note?: string
}): Promise<RolledBack> {
  const { storage, nowMs, note = '' } = request
  const deployments = await readDeployments(storage)
  const current = deployments.find(({ untilAt }) => untilAt === null)
  if (current === undefined)
    throw new CommandError('There is nothing to go back from: no bundle was published')
  const base = current.restores ?? current.id
  const target = deployments.find(({ id, bundleId }) => id < base && bundleId !== current.bundleId)
  if (target === undefined) {
    throw new CommandError(
      `There is nothing to go back to: no other bundle answered before ${current.bundleId}, which goes on`,
    )
  }
  const values = [target.bundleId, operator(), note].map(quoteSql).join(', ')
  const isStill = `exists (select 1 from deployments where id = ${current.id} and until_at is null)`
  await storage.execute([
    `insert into deployments (role, bundle_id, by, note, from_at, restores)
      select 'champion', ${values}, ${nowMs}, ${target.restores ?? target.id} where ${isStill}`,
    `update deployments set until_at = ${nowMs} where id = ${current.id} and until_at is null`,
  ])
  const [latest] = await readDeployments(storage)
  if (latest?.bundleId !== target.bundleId) {
    throw new CommandError(
      `Bundle ${latest?.bundleId} was published meanwhile and answers: nothing was rolled back`,
    )
  }
  return { bundle: target.bundleId, from: current.bundleId }
}

function deploymentOf(row: Row): Deployment {
  const nullable = (name: string): number | null => (row[name] === null ? null : Number(row[name]))
  return {
    id: Number(row['id']),
    bundleId: String(row['bundle_id']),
    fromAt: Number(row['from_at']),
    untilAt: nullable('until_at'),
    note: String(row['note']),
    restores: nullable('restores'),
  }
}

/** Who deploys: the actor of a workflow, else the user of this machine. */
function operator(): string {
  return process.env['GITHUB_ACTOR'] ?? userInfo().username
}
