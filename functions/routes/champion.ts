// The bundle that answers, as the routes see it: which one is deployed, and that one in memory.
import type { Project } from '../../features/project.ts'
import { StorageError } from '../db/client.ts'
import type { Database } from '../db/client.ts'
import { readChampion } from '../db/deployments.ts'
import type { Deployment } from '../db/deployments.ts'
import type { LoadedBundle } from '../inference/bundle.ts'
import { createBundleCache } from '../inference/bundle-cache.ts'
import { ProblemError } from '../middleware/problem.ts'

/** How long the deployment row is taken as it was read, where a request does not read it anyway. */
const REMEMBERED_MS = 2_000
/** How much of a history is read before any bundle has said how much it looks at. */
const HISTORY_LENGTH_DEFAULT = 200

export interface LoadOptions {
  readonly bucket: R2Bucket
  readonly keepAlive: (work: Promise<unknown>) => void
}

/** The bundle that answers, and its row. */
export interface DeployedBundle {
  readonly deployment: Deployment
  readonly bundle: LoadedBundle
}

export interface Champion {
  /** How many of the latest events to read. */
  historyLengthMax(): number
  /** Remembers a deployment row that was read beside other things. */
  note(deployment: Deployment | undefined): void
  /** The deployment row, at most 2 s old; older only while D1 does not answer. */
  deployment(db: Database): Promise<Deployment | undefined>
  /** The deployed bundle. Throws ProblemError no_model or model_unavailable. */
  load(deployment: Deployment | undefined, options: LoadOptions): Promise<DeployedBundle>
}

export function createChampion(project: Project): Champion {
  const cache = createBundleCache()
  let remembered: { readonly deployment: Deployment | undefined; readonly readAtMs: number } | undefined

  function note(deployment: Deployment | undefined): void {
    remembered = { deployment, readAtMs: Date.now() }
  }

  return {
    note,
    historyLengthMax: () => cache.current()?.manifest.features.historyLengthMax ?? HISTORY_LENGTH_DEFAULT,
    async deployment(db) {
      if (remembered !== undefined && Date.now() - remembered.readAtMs < REMEMBERED_MS)
        return remembered.deployment
      try {
        note(await readChampion(db))
      } catch (error) {
        if (!(error instanceof StorageError) || remembered?.deployment === undefined) throw error
      }
      return remembered?.deployment
    },
    async load(deployment, options) {
      if (deployment === undefined) throw new ProblemError('no_model')
      const result = await cache.load({
        ...options,
        id: deployment.bundleId,
        projectName: project.name,
        nowMs: Date.now(),
      })
      if (result.ok) return { deployment, bundle: result.value }
      throw new ProblemError('model_unavailable', {
        detail: `Bundle ${deployment.bundleId}: ${result.reason}`,
      })
    },
  }
}
