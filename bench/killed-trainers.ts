// Trainings whose trainers are killed at random steps, by the real command against the real Worker on a local
// D1 and R2: whether each ends once, and whether a champion answers all along.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createRandom } from '../features/random.ts'
import { shop } from '../projects/shop.ts'
import { serve } from '../cli/service/serve.ts'
import { importData } from '../cli/storage/import.ts'
import { createKey } from '../cli/storage/keys.ts'
import { openData } from '../cli/storage/open-data.ts'
import { withStorage } from '../cli/storage/open-storage.ts'
import { freePort } from '../test/cli/free-port.ts'
import { rootFolder } from '../cli/storage/paths.ts'
import { writeSimulation } from '../cli/storage/simulate-data.ts'
import { runTrainer } from './run-trainer.ts'
import type { TrainerRun } from './run-trainer.ts'

export interface KilledTrainers {
  readonly trainings: number
  readonly kills: number
  /** How many trainings ended, and how many rows of the table there are: as many as were asked for. */
  readonly ended: number
  readonly rows: number
  /** By what became of them. */
  readonly states: Readonly<Record<string, number>>
  /** Questions that got no answer of a champion, once there was one. */
  readonly unanswered: number
  /** Changes of roles: one for each training that published, and no other. */
  readonly promotions: number
}

export interface KillRequest {
  readonly trainings: number
  readonly seed: number
  readonly killsMax: number
  /** Kinds of models, in turns. */
  readonly families: readonly string[]
  readonly say?: (line: string) => void
}

const LEASE_SECONDS = 4
/** A trainer that nobody kills takes about so long; later kills hit nothing. */
const KILL_MS_MAX = 12_000

export async function killTrainers({
  trainings,
  seed,
  killsMax,
  families,
  say = () => undefined,
}: KillRequest): Promise<KilledTrainers> {
  const folder = mkdtempSync(join(tmpdir(), 'presage-bench-'))
  const home = join(folder, 'home')
  // Where the command looks for the local state of the project.
  const state = join(home, 'shop', 'sets', 'default', 'state')
  mkdirSync(state, { recursive: true })
  const random = createRandom(seed)
  try {
    const key = await fill(folder, state)
    const port = await freePort()
    const server = await serve({ project: 'shop', file: join(rootFolder, 'projects/shop.ts'), state, port })
    try {
      const ask = asker(server.url, key)
      // Until what was stored is settled.
      await sleep(10_500)
      const own = (training: number): TrainerRun => ({
        project: 'shop',
        url: server.url,
        key,
        home,
        seed: training,
        leaseSeconds: LEASE_SECONDS,
        family: families[training % families.length] ?? 'prior',
      })
      let [kills, unanswered] = [0, 0]
      for (let training = 1; training <= trainings; training += 1) {
        await ask('POST', '/v1/trainings', { why: `training ${training} of the measurement` })
        for (let kill = 0; kill < killsMax; kill += 1) {
          const afterMs = random.integer(KILL_MS_MAX)
          const isKilled = await runTrainer({ ...own(training), afterMs })
          if (isKilled) kills += 1
          unanswered += await countUnanswered(ask)
          if (!isKilled && (await openTrainings(ask)) === 0) break
        }
        while ((await openTrainings(ask)) > 0) {
          await runTrainer(own(training))
          await sleep(1_000)
        }
        say(`training ${training}: ${kills} kills so far`)
      }
      return await figures(ask, { trainings, kills, unanswered })
    } finally {
      await server.stop()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  }
}

/** Stores a small simulated log; gives an admin key. */
async function fill(folder: string, state: string): Promise<string> {
  const path = join(folder, 'data')
  await writeSimulation({
    project: 'shop',
    seed: 1,
    userCount: 150,
    days: 120,
    nowMs: Date.now(),
    folder: path,
  })
  return withStorage({ kind: 'local', state }, {}, async (storage) => {
    const data = await openData({ project: shop, path, skipBadRows: false })
    await importData({ data, storage, nowMs: Date.now() })
    data.close()
    return (await createKey({ scopes: ['admin'], storage, nowMs: Date.now() })).key
  })
}

type Ask = (method: string, path: string, body?: object) => Promise<unknown>

function asker(url: string, key: string): Ask {
  return async (method, path, body) => {
    const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
    const response = await fetch(`${url}${path}`, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
    })
    return response.json()
  }
}

interface Trainings {
  readonly trainings: readonly { readonly state: string; readonly endedAt: string | null }[]
}

async function openTrainings(ask: Ask): Promise<number> {
  const { trainings } = (await ask('GET', '/v1/trainings')) as Trainings
  return trainings.filter(({ state }) => state === 'queued' || state === 'claimed').length
}

async function countUnanswered(ask: Ask): Promise<number> {
  const { champion } = (await ask('GET', '/v1/models')) as { readonly champion: object | null }
  if (champion === null) return 0
  const answer = (await ask('POST', '/v1/predict', { userId: 'somebody' })) as { readonly answers?: object }
  return answer.answers === undefined ? 1 : 0
}

async function figures(
  ask: Ask,
  counted: Pick<KilledTrainers, 'trainings' | 'kills' | 'unanswered'>,
): Promise<KilledTrainers> {
  const { trainings } = (await ask('GET', '/v1/trainings')) as Trainings
  const { audit } = (await ask('GET', '/v1/deployments')) as { readonly audit: readonly object[] }
  const states: Record<string, number> = {}
  for (const { state } of trainings) states[state] = (states[state] ?? 0) + 1
  const ended = trainings.filter(({ endedAt }) => endedAt !== null).length
  return { ...counted, rows: trainings.length, ended, states, promotions: audit.length }
}
