// The final fit: the family with the settings and the stopping point of the rehearsal, on everything that
// is known; priors and class weights from everything, calibration and basis of every task from the
// rehearsal, for nothing later is left to fit them on. This is what is deployed.
import type { Head } from '../features/heads/head.ts'
import type { Features } from '../features/manifest.ts'
import type { Project } from '../features/project.ts'
import { succeed } from '../features/result.ts'
import type { Result } from '../features/result.ts'
import { plural } from './told-numbers.ts'
import type { FinalExamples } from './examples/make-examples.ts'
import { fitOrFault } from './fit-or-fault.ts'
import { createHeads } from './heads/create-heads.ts'
import { readerOf } from '../features/heads/kinds.ts'
import { trainingKindOf } from './heads/kinds.ts'
import { knownExamplesOf, outputsOf } from './heads/known-examples.ts'
import type { KnownExamples } from './heads/training-kind.ts'
import { prior } from './models/prior.ts'
import type { ExampleSet } from './examples/example-set.ts'
import type { Description, Family, Fitted } from './models/family.ts'
import { silent } from './monitor.ts'
import type { Monitor } from './monitor.ts'
import { exportProven } from './prove.ts'
import type { ProvenModel } from './prove.ts'
import type { Rehearsal, RehearsalFault } from './rehearse.ts'
import type { BackendName } from './tf/backend.ts'

export interface FinalFitRequest {
  readonly project: Project
  readonly family: Family
  readonly seed: number
  readonly backend?: BackendName | undefined
  readonly monitor?: Monitor | undefined
  readonly examples: FinalExamples
  readonly rehearsal: Rehearsal
}

export interface FinalModel {
  readonly features: Features
  readonly heads: readonly Head[]
  readonly description: Description
  readonly proven: ProvenModel
}

/** What of the minutes a rehearsal gets before a final fit, which goes as far again, on more examples. */
const REHEARSAL_SHARE = 0.4

/** How long a rehearsal may fit where all together may take so many minutes; no bound where absent. */
export function minutesOfRehearsal(
  minutes: number | undefined,
  { finalFit: isFinal }: { readonly finalFit: boolean },
): number | undefined {
  return minutes === undefined || !isFinal ? minutes : REHEARSAL_SHARE * minutes
}

/** Fits once more, and proves the export on the examples it learned from. */
export async function finalFit(request: FinalFitRequest): Promise<Result<FinalModel, RehearsalFault>> {
  const { project, family, seed, backend, monitor = silent, examples, rehearsal } = request
  const { features, all, newcomers, histories } = examples
  const created = createHeads(project, {
    targets: all.targets,
    newcomerTargets: newcomers,
    like: rehearsal.heads,
  })
  if (!created.ok) return created
  const { heads } = created.value
  monitor.say(`final fit of ${family.name} on all ${plural(all.count, 'example')}`)
  const fit = await fitOrFault(family, {
    shape: { features, heads },
    train: all,
    histories,
    stopAt: rehearsal.stoppedAt,
    seed,
    settings: rehearsal.description.settings,
    backend,
    monitor,
  })
  if (!fit.ok) return fit
  const fitted = fit.value
  try {
    const shiftShare = shareUntil(rehearsal.fittedUntilMs, all.atMs)
    const calibrated = heads.map((head) => withCalibration(head, { rehearsal, shiftShare }))
    const levelled = await atLatestLevels(calibrated, { fitted, family, all })
    const proven = await exportProven({ fitted, features, heads: levelled, examples: all })
    if (!proven.ok) return proven
    const description = fitted.describe()
    return succeed({ features, heads: levelled, description, proven: proven.value })
  } finally {
    fitted.dispose()
  }
}

/**
 * The share of moments that the rehearsal could learn from as well. Its calibration tells how base rates moved
 * from those to later ones; the final fit has learned from the later ones, too, and so lies between.
 */
function shareUntil(untilMs: number, atMs: ArrayLike<number>): number {
  const times = Array.from(atMs)
  return times.filter((ms) => ms <= untilMs).length / times.length
}

interface Learned {
  readonly fitted: Fitted
  readonly family: Family
  readonly all: ExampleSet
}

/**
 * Moves heads to where base rates stand by now. Only what has a horizon tells: of others the latest moments whose
 * answer is known are those that it came soon after.
 */
async function atLatestLevels(
  heads: readonly Head[],
  { fitted, family, all }: Learned,
): Promise<readonly Head[]> {
  if (family.name === prior.name || !heads.some(isLevelled)) return heads
  const logits = await fitted.logits(all)
  const endMs = all.atMs.reduce((latest, ms) => Math.max(latest, ms), 0)
  return heads.map((head): Head => {
    const { task } = head
    if (!isLevelled(head)) return head
    const untilMs = endMs - head.declaration.horizonMs
    const { rows, known } = knownExamplesOf(all, task)
    const places = [...rows.keys()].filter((place) => (known.atMs[place] ?? 0) <= untilMs)
    const judged = pick(known, places)
    const { width } = readerOf(head)
    const outputs = outputsOf(logits[task] ?? new Float32Array(0), {
      rows: places.map((place) => rows[place] ?? 0),
      width,
    })
    return trainingKindOf(head).withLatestLevel(head, { outputs, known: judged })
  })
}

/** Whether there is a latest level to move to. */
function isLevelled(head: Head): head is Head & { readonly declaration: { readonly horizonMs: number } } {
  const { declaration, basis } = head
  return basis !== 'prior' && declaration.kind !== 'label' && declaration.horizonMs !== null
}

function pick({ targets, userIds, atMs, isFirst }: KnownExamples, places: readonly number[]): KnownExamples {
  return {
    targets: Float32Array.from(places, (place) => targets[place] ?? Number.NaN),
    userIds: places.map((place) => userIds[place] ?? ''),
    atMs: Float64Array.from(places, (place) => atMs[place] ?? 0),
    isFirst: places.map((place) => isFirst[place] === true),
  }
}

interface TakenOver {
  readonly rehearsal: Rehearsal
  readonly shiftShare: number
}

function withCalibration(head: Head, { rehearsal, shiftShare }: TakenOver): Head {
  const [created, calibrated] = [rehearsal.created, rehearsal.heads].map((heads) =>
    heads.find(({ task }) => task === head.task),
  )
  if (created === undefined || calibrated === undefined) {
    throw new Error(`Expected '${head.task}' among the rehearsed heads, got none`)
  }
  return trainingKindOf(head).withCalibrationOf(head, { created, calibrated, shiftShare })
}
