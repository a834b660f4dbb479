// What is asked of the service within a stretch of time, and how far its answers lie from the truth.
import type { Answer, Answers } from '../../features/heads/head.ts'
import type { Random } from '../../features/random.ts'
import type { AskFrozen } from './frozen.ts'
import { inParallel } from './in-parallel.ts'
import { lossesOf, NO_LOSSES, plusLosses } from './losses.ts'
import type { Chances, Losses } from './losses.ts'
import { months } from './months.project.ts'
import type { RunService } from './run-service.ts'
import type { RunWorld } from './world.ts'

/** An answer, as far as it is looked at. */
export interface Asked {
  readonly userId: string
  readonly atMs: number
  /** What answered; undefined where nothing did. */
  readonly bundle: string | undefined
  readonly role: string | undefined
  readonly isFailure: boolean
  readonly answers: Answers
}

export async function askAbout(service: RunService, userId: string): Promise<Asked> {
  const { status, json } = await service.ask('POST', '/v1/predict', { userId })
  const isAnswered = status === 200
  return {
    userId,
    atMs: isAnswered ? Date.parse(json.at) : Number.NaN,
    bundle: isAnswered ? json.bundle.id : undefined,
    role: isAnswered ? json.bundle.role : undefined,
    isFailure: !isAnswered || json.fallback === 'model_failed',
    answers: isAnswered ? json.answers : {},
  }
}

/** About so many, whoever they are, as a nightly job asks. */
export function askAnybody(
  service: RunService,
  {
    known,
    count,
    random,
  }: { readonly known: readonly string[]; readonly count: number; readonly random: Random },
): Promise<Asked[]> {
  const chosen = Array.from({ length: count }, () => known[random.integer(known.length)] ?? '')
  return inParallel(chosen, (userId) => askAbout(service, userId))
}

export interface ScoreRequest {
  readonly world: RunWorld
  readonly frozen: AskFrozen
  readonly random: Random
}

/**
 * Losses by task; answers about newcomers have no truth to be compared with. What comes next within an hour is
 * counted where something comes, as the service itself settles it: of who does nothing no answer is right or wrong.
 */
export async function score(
  asked: readonly Asked[],
  { world, frozen, random }: ScoreRequest,
): Promise<Record<string, Losses>> {
  const sums: Record<string, Losses> = {}
  for (const { userId, atMs, answers } of asked) {
    const known = Number.isNaN(atMs) ? undefined : world.known(userId, atMs)
    if (known === undefined) continue
    const before = await frozen(known)
    for (const [task, declared] of Object.entries(months.tasks)) {
      if (declared.kind === 'nextEvent' && !world.comes(userId, atMs, declared.horizonMs ?? Infinity))
        continue
      const truth = world.truth(declared, known, random)
      const given = { answered: chancesOf(answers[task]), frozen: chancesOf(before[task]) }
      sums[task] = plusLosses(sums[task] ?? NO_LOSSES, lossesOf(truth, given))
    }
  }
  return sums
}

export function chancesOf(answer: Answer | undefined): Chances {
  if (answer === undefined) return {}
  if ('probability' in answer) return { yes: answer.probability }
  return 'probabilities' in answer ? answer.probabilities : {}
}
