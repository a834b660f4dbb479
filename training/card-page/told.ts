// What a page tells: a card, or an evaluation, which knows less.
import type { Card, DeployedCard, RehearsalCard, TaskResult } from '../card.ts'
import type { DataReport } from '../data/report/report.ts'
import type { Quality } from '../quality/quality.ts'

export interface Told {
  readonly project: string
  readonly family: string
  readonly seed: number
  /** Absent where nothing is kept of what was measured. */
  readonly bundle?: string | undefined
  /** As it can be typed again. */
  readonly command?: string | undefined
  readonly data: DataReport
  readonly undated: readonly string[]
  /** How examples to learn from and to test on were told apart. */
  readonly split: string
  readonly tasks: Readonly<Record<string, TaskResult>>
  readonly quality: Readonly<Record<string, Quality>>
  readonly importance?: RehearsalCard['importance'] | undefined
  readonly shortages: RehearsalCard['shortages']
  readonly versions: Readonly<Record<string, string>>
  /** Of a training. */
  readonly trained?: {
    readonly rehearsal: RehearsalCard
    readonly deployed: DeployedCard
    readonly settings: Card['settings']
    readonly backend: string
    readonly notes: readonly string[]
  }
}

/** @param made which bundle holds it, and by which command it was made. */
export function toldOfCard(
  card: Card,
  made: { readonly bundle: string; readonly command?: string | undefined },
): Told {
  const { project, family, seed, data, undated, rehearsal, deployed, settings, backend, versions } = card
  return {
    project,
    family,
    seed,
    ...made,
    data: data.report,
    undated,
    split: rehearsal.split,
    tasks: rehearsal.tasks,
    quality: rehearsal.quality ?? {},
    importance: rehearsal.importance,
    shortages: rehearsal.shortages,
    versions,
    trained: { rehearsal, deployed, settings, backend, notes: data.notes },
  }
}
