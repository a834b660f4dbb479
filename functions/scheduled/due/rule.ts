// What a rule says that may call for a training. No I/O, no clock: facts and the moment are passed in.
import type { TrainingFacts } from '../../db/trainings.ts'

export interface DueRequest {
  readonly facts: TrainingFacts
  readonly nowMs: number
}

export interface Verdict {
  readonly isDue: boolean
  /** In words, with the numbers. */
  readonly why: string
}

export type DueRule = (request: DueRequest) => Verdict

/** How much was learned from: what was heard when the last training was claimed that did not fail. */
export function heardThen({ learned }: TrainingFacts, kind: 'events' | 'labels'): number {
  return learned?.[kind] ?? 0
}
