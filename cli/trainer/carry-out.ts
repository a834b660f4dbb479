// Carries out one training from export to publication. Each step says that it begins, and may be done again by
// another trainer; only who still holds the training publishes.
import { join } from 'node:path'
import type { Project } from '../../features/project.ts'
import { RAMP_SHARES } from '../../features/ramp.ts'
import { exportTo } from '../exports/export.ts'
import { startTraining } from '../processes/train.ts'
import type { Service } from '../service/client.ts'
import { projectPaths } from '../storage/paths.ts'
import { openBundle } from '../storage/publish.ts'
import { CommandError } from '../terminal/failure.ts'
import { Refused } from './call.ts'
import { bringBundle, rolesOf } from './champion.ts'
import type { Ending, HeldTraining } from './held-training.ts'
import { judgeBundle } from './judge.ts'
import type { Judgement } from './judge.ts'
import { giveRole, sendBundle } from './send-bundle.ts'

/** How a bundle that won begins: a few users first, and more by the ramp's steps; or everybody at once. */
export type Rollout = { readonly kind: 'canary'; readonly stepHours: number } | { readonly kind: 'at once' }

export interface TrainerRequest {
  readonly project: Project
  /** The path of its declaration. */
  readonly file: string
  readonly service: Service
  readonly rollout: Rollout
  readonly family: string
  readonly seed: number
  readonly say: (line: string) => void
}

export interface Carried {
  readonly state: Ending
  readonly verdict: string
}

/** Gives how it ended. Throws Refused with the code lease_lost where somebody else took it up. */
export async function carryOut(held: HeldTraining, request: TrainerRequest): Promise<Carried> {
  const ending = await work(held, request).catch(endingOf)
  await held.end(ending)
  return ending
}

/** What went wrong, as the end of the training. Rethrows what ends nothing: a lost lease. */
function endingOf(error: unknown): Carried {
  if (error instanceof Refused && error.code === 'lease_lost') throw error
  if (error instanceof Refused && error.code === 'data_shrank')
    return { state: 'refused', verdict: error.message }
  if (error instanceof CommandError) return { state: 'failed', verdict: error.message }
  throw error
}

async function work(held: HeldTraining, request: TrainerRequest): Promise<Carried> {
  const { project, file, service, family, seed, say } = request
  // Whoever had it before may have died between publishing and saying so.
  const { champion, challenger: onTrial } = await rolesOf(service)
  if (held.bundleId !== null && [champion, onTrial].includes(held.bundleId))
    return {
      state: 'published',
      verdict: `bundle ${held.bundleId} was published by a trainer that died then`,
    }
  await held.tell({ step: 'export' })
  const folder = join(projectPaths(project.name).folder, 'exports', 'trainer')
  const { rows } = await exportTo({ project, service, folder, say })
  await held.tell({ step: 'train', rows: rows['events'] ?? rows['rows'] ?? 0 })
  const challenger = await trainOn(folder, held, { file, family, seed, project })
  if (challenger.id === champion)
    return { state: 'kept', verdict: `bundle ${challenger.id} answers already: the same came out again` }
  const { isPromoted, words } = await judge(held, {
    ...request,
    champion,
    challenger: challenger.folder,
    folder,
  })
  if (!isPromoted) return { state: 'kept', verdict: words }
  await held.tell({ step: 'publish', bundleId: challenger.id })
  await sendBundle(service, challenger)
  const change = firstRole(challenger.id, { champion, rollout: request.rollout })
  try {
    await giveRole(service, change, `training ${held.id}: ${words}`)
  } catch (error) {
    if (!(error instanceof Refused && error.code === 'role_refused')) throw error
    return { state: 'kept', verdict: `${words}; but it plays no role: ${error.message}` }
  }
  return { state: 'published', verdict: words }
}

/** Where nobody answers, or where that was asked for, everybody at once; else a few users first. */
function firstRole(
  bundleId: string,
  { champion, rollout }: { readonly champion: string | undefined; readonly rollout: Rollout },
) {
  if (champion === undefined || rollout.kind === 'at once') return { action: 'promote', bundleId } as const
  const [first] = RAMP_SHARES
  return { action: 'canary', bundleId, percent: 100 * first, stepMs: rollout.stepHours * HOUR_MS } as const
}

const HOUR_MS = 3_600_000

interface Comparison extends TrainerRequest {
  readonly champion: string | undefined
  /** The folder of the bundle. */
  readonly challenger: string
  /** Of the data. */
  readonly folder: string
}

/** Where no bundle answers, one that answers each task at least by its prior is better than none. */
async function judge(held: HeldTraining, comparison: Comparison): Promise<Judgement> {
  const { project, file, service, seed, champion, challenger, folder } = comparison
  if (champion === undefined) return { isPromoted: true, words: 'no bundle answered before' }
  await held.tell({ step: 'gate' })
  await bringBundle(service, { project: project.name, id: champion })
  return judgeBundle({ projectFile: file, data: folder, challenger, champion, seed, lost: held.lost })
}

/** Trains in a process of its own, which ends at once where the training is lost. */
async function trainOn(
  path: string,
  { lost }: HeldTraining,
  { file, family, seed, project }: Pick<TrainerRequest, 'file' | 'family' | 'seed' | 'project'>,
) {
  lost.throwIfAborted()
  const bundlesFolder = projectPaths(project.name).bundles
  const training = startTraining({ projectFile: file, path, skipBadRows: false, family, seed, bundlesFolder })
  const stop = (): void => void training.stop()
  lost.addEventListener('abort', stop, { once: true })
  try {
    return await openBundle(await training.folder)
  } catch (error) {
    lost.throwIfAborted()
    throw error
  } finally {
    lost.removeEventListener('abort', stop)
    await training.stop()
  }
}
