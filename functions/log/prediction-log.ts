// What was answered, kept for later: gathered in the isolate and written when the answer is out, many answers
// in one call. How many are kept follows the traffic, and each kept one says how likely that was. A write that
// fails is lost, and told: nothing waits for it, and nothing piles up.
import type { LoggedPrediction } from '../../features/prediction-pack.ts'
import { connect } from '../db/client.ts'
import { storeLog } from '../db/predictions.ts'
import type { Arm, ArmLog, Tally } from '../db/predictions.ts'

export interface LogOptions {
  /** How long answers are gathered before they are written together. */
  readonly gatherMs?: number
  /** How many answers an isolate keeps in such a time, about. */
  readonly keptAbout?: number
  /** How many answers of the arm that is asked most all isolates together keep in a day, about. */
  readonly keptADay?: number
  /** Uniform in [0, 1). */
  readonly random?: () => number
}

export interface LogSources {
  readonly binding: D1Database
  readonly nowMs: number
  readonly keepAlive: (work: Promise<unknown>) => void
}

export interface NotedAnswer {
  readonly arm: Arm
  /** Whether the model was asked and did not answer. */
  readonly isFailure: boolean
  readonly latencyMs: number
  /** Absent where it was drawn not to be kept. */
  readonly prediction?: LoggedPrediction
}

export interface PredictionLog {
  /** How likely the next answer is to be kept, whoever gives it, where it is drawn to be; else undefined. */
  draw(): number | undefined
  /** Takes an answer. Nothing is waited for. */
  note(noted: NotedAnswer, sources: LogSources): void
}

/** Work that goes on after an answer may take 30 s. */
const GATHER_MS = 10_000
const KEPT_ABOUT = 200
/** So that all that waits for its outcome for months fits into D1, and is settled as fast as it comes. */
const KEPT_A_DAY = 12_000
/** More are not held, whatever comes: they are written at once. */
const HELD_MAX = 500

/** One log for all routes of an app. */
export function createPredictionLog(options: LogOptions = {}): PredictionLog {
  const {
    gatherMs = GATHER_MS,
    keptAbout = KEPT_ABOUT,
    keptADay = KEPT_A_DAY,
    random = Math.random,
  } = options
  let arms = new Map<string, { arm: Arm; tally: Tally; predictions: LoggedPrediction[] }>()
  let held = 0
  let seen = 0
  let propensity = 1
  /** The same for all arms: else an experiment would see more users of one than belong to it. */
  let shareOfDay = 1
  let startedAtMs = 0
  let isWaiting = false

  function add({ arm, isFailure, latencyMs, prediction }: NotedAnswer): void {
    const key = `${arm.role} ${arm.bundleId}`
    const entry = arms.get(key) ?? { arm, tally: NOTHING, predictions: [] }
    arms.set(key, { ...entry, tally: plus(entry.tally, { isFailure, latencyMs }) })
    if (prediction === undefined) return
    entry.predictions.push(prediction)
    held += 1
  }

  /** Takes what was gathered out, and lets the next share follow what came in this time. */
  function take(nowMs: number): ArmLog[] {
    const taken = [...arms.values()]
    const elapsedMs = Math.max(1, nowMs - startedAtMs)
    const expected = seen * Math.max(1, gatherMs / elapsedMs)
    propensity = Math.min(1, keptAbout / Math.max(1, expected))
    arms = new Map()
    held = 0
    seen = 0
    startedAtMs = nowMs
    return taken
  }

  async function flush({ binding }: LogSources, nowMs: number): Promise<void> {
    const taken = take(nowMs)
    if (taken.length === 0) return
    try {
      const askedADay = await storeLog(connect(binding), { arms: taken, nowMs })
      shareOfDay = Math.min(1, keptADay / Math.max(1, askedADay))
    } catch {
      const count = taken.reduce((sum, { predictions }) => sum + predictions.length, 0)
      console.error(`The log of ${count} predictions could not be written, and is lost`)
    }
  }

  return {
    draw() {
      const share = Math.min(propensity, shareOfDay)
      return random() < share ? share : undefined
    },
    note(noted, sources) {
      const { nowMs, keepAlive } = sources
      add(noted)
      seen += 1
      const waitedMs = nowMs - startedAtMs
      if (waitedMs >= gatherMs || held >= HELD_MAX) {
        keepAlive(flush(sources, nowMs))
        return
      }
      if (isWaiting) return
      isWaiting = true
      const restMs = gatherMs - waitedMs
      keepAlive(
        new Promise((resolve) => setTimeout(resolve, restMs)).then(() => {
          isWaiting = false
          return flush(sources, nowMs + restMs)
        }),
      )
    },
  }
}

const NOTHING: Tally = { requests: 0, failures: 0, latencyMs: 0, latencyMsSquared: 0 }

function plus(
  { requests, failures, latencyMs, latencyMsSquared }: Tally,
  noted: Pick<NotedAnswer, 'isFailure' | 'latencyMs'>,
): Tally {
  return {
    requests: requests + 1,
    failures: failures + (noted.isFailure ? 1 : 0),
    latencyMs: latencyMs + noted.latencyMs,
    latencyMsSquared: latencyMsSquared + noted.latencyMs ** 2,
  }
}
