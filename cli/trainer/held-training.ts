// A training that this trainer holds: its lease is renewed by itself, and whoever works on it is told when it
// was lost.
import { hostname } from 'node:os'
import { storableText } from '../../features/cut-text.ts'
import { FEATURE_VERSION } from '../../features/manifest.ts'
import type { Service } from '../service/client.ts'
import { call, Refused } from '../service/call.ts'

export interface HeldTraining {
  readonly id: number
  readonly why: string
  /** Unix milliseconds, by the clock of the service. */
  readonly queuedAtMs: number
  /** How often it was taken up, this time included. */
  readonly claims: number
  /** What an earlier trainer was about to publish when it died; null where none was. */
  readonly bundleId: string | null
  /** Aborted, with Refused as its reason, once the training is in other hands. */
  readonly lost: AbortSignal
  /** Renews the lease and says how far the work is. Throws Refused where it was lost or the service objects. */
  tell(progress: { readonly step: string; readonly rows?: number; readonly bundleId?: string }): Promise<void>
  /** Ends it. Throws Refused where it was lost. */
  end(ending: { readonly state: Ending; readonly verdict: string }): Promise<void>
  /** Renews it no longer. */
  release(): void
}

export type Ending = 'published' | 'kept' | 'refused' | 'failed'

interface Claimed {
  readonly training:
    | (Pick<HeldTraining, 'id' | 'why' | 'claims' | 'bundleId'> & { readonly queuedAt: string })
    | null
  readonly lease: string
}

/** Of a lease, between two heartbeats. */
const RENEWALS = 3

/** As the service takes it. */
const VERDICT_LENGTH_MAX = 4_000

export interface Claim {
  /** The name of the project that is trained. */
  readonly project: string
  readonly leaseMs: number
}

/** Undefined where nothing is to be done. Throws Refused where the service is of another version or project. */
export async function claimTraining(
  service: Service,
  { project, leaseMs }: Claim,
): Promise<HeldTraining | undefined> {
  const by = `${hostname()} (process ${process.pid})`
  const claim = { by, featureVersion: FEATURE_VERSION, project, leaseMs }
  const claimed = (await call(service, {
    method: 'POST',
    path: '/v1/trainings/claim',
    body: claim,
  })) as Claimed
  const { training, lease } = claimed
  if (training === null) return undefined
  const { id, why, queuedAt, claims, bundleId } = training
  const over = new AbortController()
  let step = 'begin'
  const beat = async (progress: object): Promise<void> => {
    try {
      const body = { lease, leaseMs, step, ...progress }
      await call(service, { method: 'POST', path: `/v1/trainings/${id}/heartbeat`, body })
    } catch (error) {
      if (error instanceof Refused && error.code === 'lease_lost') over.abort(error)
      throw error
    }
  }
  // A service that is away for a while takes nothing away: only another trainer does, and then it says so.
  const timer = setInterval(() => void beat({}).catch(() => undefined), leaseMs / RENEWALS)
  return {
    id,
    why,
    queuedAtMs: Date.parse(queuedAt),
    claims,
    bundleId,
    lost: over.signal,
    tell: async (progress) => {
      ;({ step } = progress)
      await beat(progress)
    },
    end: async ({ state, verdict }) => {
      // One that the service did not take would leave the training open, to die of it again.
      const body = { lease, state, verdict: storableText(verdict, VERDICT_LENGTH_MAX) }
      await call(service, { method: 'POST', path: `/v1/trainings/${id}/end`, body })
    },
    release: () => clearInterval(timer),
  }
}
