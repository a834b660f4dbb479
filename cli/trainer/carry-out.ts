// Carries out one training from export to publication. Each step says that it begins, and may be done again by
// another trainer; only who still holds the training publishes.
import { join } from 'node:path'
import type { Project } from '../../features/project.ts'
import { exportTo } from '../exports/export.ts'
import { ownFolder } from '../exports/own-folder.ts'
import { mainFileOf } from '../exports/parquet.ts'
import { startTraining } from '../processes/train.ts'
import type { Service } from '../service/client.ts'
import { projectPaths } from '../storage/paths.ts'
import { openBundle } from '../storage/publish.ts'
import { CommandError } from '../terminal/failure.ts'
import { Refused } from '../service/call.ts'
import { bringBundle, rolesOf } from './champion.ts'
import { deployWinner, playsIn } from './deploy-winner.ts'
import type { Carried, Rollout } from './deploy-winner.ts'
import type { HeldTraining } from './held-training.ts'
import { judgeBundle } from './judge.ts'
import type { Judgement } from './judge.ts'
import { giveRole } from '../service/give-role.ts'
import { sendBundle } from '../service/send-bundle.ts'

export interface TrainerRequest {
  readonly project: Project
  /** The path of its declaration. */
  readonly file: string
  readonly service: Service
  readonly rollout: Rollout
  readonly family: string
  readonly minutes?: number | undefined
  readonly seed: number
  readonly say: (line: string) => void
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
  const { project, file, service, family, minutes, seed, say } = request
  // Whoever had it before may have died between publishing and saying so.
  const roles = await rolesOf(service)
  if (held.bundleId !== null && playsIn(roles, held.bundleId))
    return {
      state: 'published',
      verdict: `bundle ${held.bundleId} was published by a trainer that died then`,
    }
  await held.tell({ step: 'export' })
  const folder = ownFolder(join(projectPaths(project.name).folder, 'exports'), 'trainer')
  const { rows } = await exportTo({ project, service, folder, notBeforeMs: held.queuedAtMs - SETTLE_MS, say })
  await held.tell({ step: 'train', rows: rows[mainFileOf(project)] ?? 0 })
  const challenger = await trainOn(folder, held, { file, family, minutes, seed, project })
  return deployWinner(challenger, {
    request,
    rolesNow: () => rolesOf(service),
    judge: (champion) => judge(held, { ...request, champion, challenger: challenger.folder, folder }),
    send: async () => {
      await held.tell({ step: 'publish', bundleId: challenger.id })
      await sendBundle(service, challenger)
    },
    giveRole: async (change, { words, decidedOn }) => {
      // Whose training it is by now, the service says.
      await held.tell({ step: 'give a role', bundleId: challenger.id })
      await giveRole(service, change, { note: `training ${held.id}: ${words}`, decidedOn })
    },
  })
}

interface Comparison extends TrainerRequest {
  readonly champion: string | undefined
  /** The folder of the bundle. */
  readonly challenger: string
  /** Of the data. */
  readonly folder: string
}

/** An export shows what was settled when it began, some seconds before. */
const SETTLE_MS = 60_000

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
  {
    file,
    family,
    minutes,
    seed,
    project,
  }: Pick<TrainerRequest, 'file' | 'family' | 'minutes' | 'seed' | 'project'>,
) {
  lost.throwIfAborted()
  const bundlesFolder = projectPaths(project.name).bundles
  const training = startTraining({
    projectFile: file,
    path,
    skipBadRows: false,
    family,
    minutes,
    seed,
    bundlesFolder,
  })
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
