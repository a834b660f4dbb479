// Which bundle answers: the champion, or, while that one is not ready or turns out broken, the last champion
// that was good. A publish never takes down an isolate that answers. A bundle on trial answers or does not:
// nothing stands in for it, the champion answers.
import type { Project } from '../../features/project.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { Clock } from '../clock.ts'
import { withTimeout } from '../with-timeout.ts'
import { BundleError, describeFault } from './bundle-error.ts'
import type { BundleFault } from './bundle-error.ts'
import { BUNDLE_BYTES_MAX, describeRefusal, faultOf, loadBundle } from './bundle.ts'
import type { LoadedBundle } from './bundle.ts'
import { createCountedCache } from './counted-cache.ts'
import type { Lease } from './counted-cache.ts'

/** A bundle as it is deployed. */
export interface Deployed {
  readonly bundleId: string
}

/** A bundle that may be asked until it is given back. */
export interface Answering<Role extends Deployed> {
  readonly deployed: Role
  readonly bundle: LoadedBundle
  /** Present where this is the last good bundle in place of the one that is deployed. */
  readonly insteadOf?: StoodInFor
  release(): void
}

export interface StoodInFor {
  readonly id: string
  /** `loading`: it is on its way. `unusable`: it is broken, or R2 does not give it. */
  readonly reason: 'loading' | 'unusable'
  /** One line for a person. */
  readonly detail: string
}

export interface BundleSources {
  readonly bucket: R2Bucket
  readonly keepAlive: (work: Promise<unknown>) => void
  readonly clock: Clock
}

export interface Answerer<Role extends Deployed> {
  /**
   * The bundle that answers for the deployed one; where it can answer nothing and none stands in, why.
   * Throws BundleError when R2 does not answer and none stands in.
   */
  acquire(deployed: Role, sources: BundleSources): Promise<Result<Answering<Role>, BundleFault>>
  /** A bundle on trial; where it is not at hand, or does not answer by its model, why. Never rejects. */
  acquireTrial(deployed: Role, sources: BundleSources): Promise<Result<Answering<Role>, StoodInFor>>
  /** Why a bundle would not answer by its model, in one line; undefined where it would. Rejects as acquire. */
  faultOf(bundleId: string, sources: BundleSources): Promise<string | undefined>
}

type Loaded = Result<LoadedBundle, BundleFault>

const LOAD_TIMEOUT_MS = 10_000
/** How long a request waits for a newly deployed bundle before the last good one stands in. */
const NEXT_WAIT_MS = 250
/** How long a bundle that could not be used is taken as such. */
const BROKEN_MS = 10_000

/** One cache and one last good bundle for all routes of an app. */
export function createAnswerer<Role extends Deployed>(project: Project): Answerer<Role> {
  const cache = createCountedCache<Loaded>({
    bytesMax: BUNDLE_BYTES_MAX,
    loadTimeoutMs: LOAD_TIMEOUT_MS,
    bytesOf: (loaded) => (loaded.ok ? loaded.value.bytes : 0),
    free,
    isStale: (loaded, ageMs) => faultOf(loaded) !== undefined && ageMs > BROKEN_MS,
  })
  let lastGood: { readonly deployed: Role; readonly lease: Lease<Loaded> } | undefined

  function lease(id: string, { bucket, ...work }: BundleSources): Promise<Lease<Loaded>> {
    return cache.acquire(id, { load: () => loadBundle({ bucket, id, project }), ...work }).catch(() => {
      throw new BundleError(`Bundle ${id} could not be read`)
    })
  }

  /** Takes a lease; of a good bundle a second one, which holds it in memory until the next good one. */
  async function load(deployed: Role, sources: BundleSources): Promise<Lease<Loaded>> {
    const id = deployed.bundleId
    const taken = await lease(id, sources)
    if (faultOf(taken.value) === undefined && lastGood?.deployed.bundleId !== id) {
      const before = lastGood
      lastGood = { deployed, lease: taken.share() }
      before?.lease.release()
    }
    return taken
  }

  /** The last good bundle in place of the deployed one; undefined where there is no other. */
  function standIn(deployed: Role, why: Omit<StoodInFor, 'id'>): Answering<Role> | undefined {
    if (lastGood === undefined || lastGood.deployed.bundleId === deployed.bundleId) return undefined
    const answering = toAnswering(lastGood.deployed, lastGood.lease.share())
    return answering.ok ? { ...answering.value, insteadOf: { id: deployed.bundleId, ...why } } : undefined
  }

  return {
    async acquire(deployed, sources) {
      const loading = load(deployed, sources)
      const hasOther = lastGood !== undefined && lastGood.deployed.bundleId !== deployed.bundleId
      if (hasOther && !(await settlesWithin(loading, NEXT_WAIT_MS))) {
        const other = standIn(deployed, { reason: 'loading', detail: 'it is being loaded' })
        if (other !== undefined) {
          sources.keepAlive(loading.then((late) => late.release()).catch(() => undefined))
          return succeed(other)
        }
      }
      let taken: Lease<Loaded>
      try {
        taken = await loading
      } catch (error) {
        const other = standIn(deployed, { reason: 'unusable', detail: 'its files cannot be read now' })
        if (other !== undefined) return succeed(other)
        throw error
      }
      const fault = faultOf(taken.value)
      const other = fault && standIn(deployed, { reason: 'unusable', detail: describeFault(fault) })
      if (other === undefined) return toAnswering(deployed, taken)
      taken.release()
      return succeed(other)
    },

    async acquireTrial(deployed, sources) {
      const id = deployed.bundleId
      const loading = lease(id, sources)
      if (!(await settlesWithin(loading, NEXT_WAIT_MS))) {
        sources.keepAlive(loading.then((late) => late.release()).catch(() => undefined))
        return fail({ id, reason: 'loading', detail: 'it is being loaded' })
      }
      let taken: Lease<Loaded>
      try {
        taken = await loading
      } catch {
        return fail({ id, reason: 'unusable', detail: 'its files cannot be read now' })
      }
      const fault = faultOf(taken.value)
      const answering = fault === undefined ? toAnswering(deployed, taken) : undefined
      if (answering?.ok === true) return answering
      taken.release()
      const detail = fault === undefined ? 'it cannot answer' : describeFault(fault)
      return fail({ id, reason: 'unusable', detail })
    },

    async faultOf(bundleId, sources) {
      const taken = await lease(bundleId, sources)
      taken.release()
      return describeRefusal(taken.value)
    },
  }
}

function toAnswering<Role extends Deployed>(
  deployed: Role,
  lease: Lease<Loaded>,
): Result<Answering<Role>, BundleFault> {
  const { value } = lease
  if (value.ok) return succeed({ deployed, bundle: value.value, release: () => lease.release() })
  lease.release()
  return value
}

function settlesWithin(work: Promise<unknown>, timeoutMs: number): Promise<boolean> {
  const settled = work.then(
    () => true,
    () => true,
  )
  return withTimeout(settled, { timeoutMs, error: () => new Error('Not yet') }).catch(() => false)
}

function free(loaded: Loaded): void {
  if (!loaded.ok || !loaded.value.model.ok) return
  void loaded.value.model.value.release().catch(() => console.error('A model could not be freed'))
}
