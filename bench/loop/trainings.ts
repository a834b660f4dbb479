// Trainers of a run: what the service has queued is taken up; some of them are killed on the way.
import type { Random } from '../../features/random.ts'
import { runTrainer } from '../run-trainer.ts'
import type { RunClock } from './clock.ts'
import { PROJECT_FILE } from './run-service.ts'
import type { RunService } from './run-service.ts'

export interface Trainers {
  /** Carries out the training that is queued, if one is; gives whether one was. */
  takeUp(): Promise<boolean>
  readonly kills: () => number
}

export interface TrainersRequest {
  readonly service: RunService
  readonly clock: RunClock
  readonly random: Random
  readonly family: string
  /** How likely a trainer is to be killed. */
  readonly killChance: number
  /** Asked while a trainer is at work, every now and then. */
  readonly meanwhile: () => Promise<void>
  readonly say: (line: string) => void
}

const LEASE_SECONDS = 30
/** Of a ramp: tasks come due within days, and so does what the trial shows. */
const STEP_HOURS = 12
const ASK_EVERY_MS = 1_000
/** Of one training: a service gives one up that five took up. */
const KILLS_MAX = 2
/** How long the first takes, about; later ones as long as the one before. */
const FIRST_MS = 40_000

export function createTrainers(request: TrainersRequest): Trainers {
  const { service, clock, random, family, killChance, meanwhile, say } = request
  let [kills, usualMs, turn] = [0, FIRST_MS, 0]

  async function run(afterMs: number | undefined): Promise<boolean> {
    turn += 1
    const over = new AbortController()
    const asking = (async () => {
      while (!over.signal.aborted) {
        await meanwhile()
        await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS))
      }
    })()
    const own = { url: service.toldUrl, key: service.key, home: service.home, seed: turn, family }
    const project = { project: PROJECT_FILE, leaseSeconds: LEASE_SECONDS, stepHours: STEP_HOURS, say }
    try {
      return await runTrainer({ ...own, ...project, ...(afterMs !== undefined && { afterMs }) })
    } finally {
      over.abort()
      await asking
    }
  }

  return {
    kills: () => kills,
    async takeUp() {
      if (!(await isOpen(service))) return false
      for (let before = 0; ; before += 1) {
        const isToDie = before < KILLS_MAX && random.next() < killChance
        const sinceMs = performance.now()
        const isKilled = await run(isToDie ? Math.floor(random.next() * usualMs) : undefined)
        if (!isKilled) usualMs = performance.now() - sinceMs
        if (!(await isOpen(service))) return true
        if (isKilled) kills += 1
        // The lease of the one that died runs out.
        clock.set(clock.now() + LEASE_SECONDS * 1_000)
      }
    },
  }
}

async function isOpen(service: RunService): Promise<boolean> {
  const { trainings } = await service.send('GET', '/v1/trainings')
  return trainings.some(({ state }: { readonly state: string }) => state === 'queued' || state === 'claimed')
}
