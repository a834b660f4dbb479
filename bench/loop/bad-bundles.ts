// What goes wrong with bundles: one whose model is cut short, and one that learned from events under wrong names.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bundleId } from '../../features/hash.ts'
import { fileOf } from '../../features/manifest.ts'
import { startTraining } from '../../cli/processes/train.ts'
import { withStorage } from '../../cli/storage/open-storage.ts'
import { projectPaths } from '../../cli/storage/paths.ts'
import { openBundle, storeBundle } from '../../cli/storage/publish.ts'
import { changeRoles } from '../../cli/storage/roles.ts'
import { quoteSql } from '../../cli/storage/storage.ts'
import { PROJECT, PROJECT_FILE } from './run-service.ts'
import type { RunService } from './run-service.ts'
import type { Stretch } from './world.ts'

/** Of users, and hours a step: a ramp that would go on by itself. */
export const TRIAL = { percent: 20, stepHours: 24 } as const

/**
 * Stores a copy of a bundle whose model is half of it, and pushes it past all checks: by the rows of the
 * database, as a fault of storage would come. Gives its id, and whether the service refused it before.
 */
export async function pushBroken(
  service: RunService,
  { from, nowMs }: { readonly from: string; readonly nowMs: number },
): Promise<{ readonly id: string; readonly isRefused: boolean }> {
  const { folder, manifest, cardText } = await openBundle(join(projectPaths(PROJECT).bundles, from))
  const text = `${readFileSync(join(folder, 'manifest.json'), 'utf8')}\n`
  const id = await bundleId(text)
  const draft = mkdtempSync(join(tmpdir(), 'presage-broken-'))
  try {
    await withStorage(service.place, {}, async (storage) => {
      for (const file of ['manifest.json', ...manifest.files.map(({ name }) => name)]) {
        const whole = file === 'manifest.json' ? Buffer.from(text) : readFileSync(join(folder, file))
        const isModel = file === fileOf(manifest, 'model').name
        writeFileSync(join(draft, file), isModel ? whole.subarray(0, whole.length / 2) : whole)
        await storage.put(`bundles/${id}/${file}`, join(draft, file))
      }
      const values = [id, PROJECT, manifest.family, cardText].map(quoteSql).join(', ')
      await storage.execute([
        `insert into bundles (id, project, family, card, created_at) values (${values}, ${nowMs})`,
      ])
    })
    const { status } = await service.ask('POST', '/v1/deployments', canary(id))
    const change = { ...canary(id), stepMs: TRIAL.stepHours * 3_600_000 }
    await withStorage(service.place, {}, (storage) =>
      changeRoles({ storage, change, nowMs, note: 'pushed past all checks' }),
    )
    return { id, isRefused: status >= 400 }
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
}

const OTHER_NAMES: Readonly<Record<string, string>> = {
  view: 'purchase',
  purchase: 'view',
  search: 'cart',
  cart: 'search',
}

/** Trains on events under wrong names, and lets the bundle answer a share without a gate. Gives its id. */
export async function pushMislabelled(
  service: RunService,
  learned: Stretch,
  options: { readonly family: string; readonly nowMs: number },
): Promise<string> {
  const path = mkdtempSync(join(tmpdir(), 'presage-mislabelled-'))
  try {
    const events = learned.events.map((event) => ({ ...event, type: OTHER_NAMES[event.type] ?? event.type }))
    // A purchase has a value, and nothing else has.
    const valued = events.map(({ value, ...event }) => ({
      ...event,
      ...(event.type === 'purchase' && { value: value ?? 10, itemId: event.itemId ?? 'item-0001' }),
      ...(['view', 'cart'].includes(event.type) && { itemId: event.itemId ?? 'item-0001' }),
    }))
    const versions = (of: Stretch['users']) =>
      of.map(({ id, version: { knownAt, attributes } }) => ({ id, knownAt, ...attributes }))
    mkdirSync(path, { recursive: true })
    writeLines(join(path, 'events.ndjson'), valued)
    writeLines(join(path, 'users.ndjson'), versions(learned.users))
    writeLines(join(path, 'items.ndjson'), versions(learned.items))
    const { family, nowMs } = options
    const bundlesFolder = projectPaths(PROJECT).bundles
    const training = startTraining({
      projectFile: PROJECT_FILE,
      path,
      skipBadRows: false,
      family,
      seed: 75,
      bundlesFolder,
    })
    const bundle = await openBundle(await training.folder)
    await training.stop()
    await withStorage(service.place, {}, (storage) => storeBundle(bundle, { storage, nowMs }))
    await service.send('POST', '/v1/deployments', canary(bundle.id))
    return bundle.id
  } finally {
    rmSync(path, { recursive: true, force: true })
  }
}

function canary(id: string) {
  return { action: 'canary', bundleId: id, ...TRIAL } as const
}

function writeLines(path: string, rows: readonly object[]): void {
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
}
