// Whether logged answers come out again from what is stored, though facts come late, twice, corrected and
// backdated all the while: by the real Worker over a local D1 and R2, as its clock checks them.
//   npx node bench/skew.ts [--answers 10000] [--users 500] [--seed 1] [--json]
import { parseArgs } from 'node:util'
import { withStorage } from '../cli/storage/open-storage.ts'
import { createRandom } from '../features/random.ts'
import type { Random } from '../features/random.ts'
import { createRunClock } from './loop/clock.ts'
import { inParallel } from './loop/in-parallel.ts'
import { askAbout } from './loop/questions.ts'
import { startRunService } from './loop/run-service.ts'
import type { RunService } from './loop/run-service.ts'
import { tell } from './loop/tell.ts'
import { createTrainers } from './loop/trainings.ts'
import { createWorld, START_MS } from './loop/world.ts'

const { values } = parseArgs({
  options: {
    answers: { type: 'string', default: '10000' },
    users: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    json: { type: 'boolean', default: false },
  },
})
const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** Answers between two turns of the clock; one makes as many again. */
const TURN = 200
/** Turns after the last answer, for those that are left. */
const LAST_TURNS = 5

const seed = Number(values.seed)
const random = createRandom(seed).fork('skew')
const clock = createRunClock(START_MS)
const service = await startRunService(clock)
try {
  const world = createWorld({ days: 1, users: Number(values.users), seed, driftDay: 1 })
  const past = world.stretch(0, START_MS)
  await tell(service, past, { backfill: true })
  clock.set(clock.now() + MINUTE_MS)
  await service.send('POST', '/v1/trainings', { why: 'the first' })
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const own = { service, clock, random: random.fork('kills'), family: 'pooled', killChance: 0, say }
  await createTrainers({ ...own, meanwhile: async () => {} }).takeUp()

  const known = [...new Set(past.events.map(({ userId }) => userId))]
  const items = [...new Set(past.events.flatMap(({ itemId }) => itemId ?? []))]
  let changes = 0
  for (let asked = 0; asked < Number(values.answers); asked += TURN) {
    for (let minute = 0; minute < TURN / 10; minute += 1) {
      clock.set(clock.now() + MINUTE_MS)
      // Few users, so that most of those asked about have just changed.
      const some = Array.from({ length: 5 }, () => known[random.integer(known.length)] ?? '')
      for (const userId of some) {
        await change(service, { userId, itemId: items[random.integer(items.length)] ?? '', random })
        changes += 1
      }
      await inParallel([...some, ...some], (userId) => askAbout(service, userId))
    }
    clock.set(clock.now() + MINUTE_MS)
    await service.cron()
    say(`${asked + TURN} answers asked`)
  }
  for (let turn = 0; turn < LAST_TURNS; turn += 1) {
    clock.set(clock.now() + 5 * MINUTE_MS)
    await service.cron()
  }
  const [found] = await withStorage(service.place, {}, (storage) =>
    storage.select(
      'select sum(checked) as checked, sum(differing) as differing, max(difference_max) as most from skew_checks',
    ),
  )
  const { checked, differing, most } = found ?? {}
  const result = { answers: Number(values.answers), changes, checked, differing, differenceMax: most }
  console.log(
    values.json
      ? JSON.stringify(result)
      : `${checked} answers made again after ${changes} changes: ${differing} differ, by ${most} at the most (1e-6 allowed)`,
  )
} finally {
  await service.stop()
}
process.exit()

interface Change {
  readonly userId: string
  readonly itemId: string
  readonly random: Random
}

/** Something becomes known: in time, late, again, otherwise than before, or as of long ago. */
async function change(to: RunService, { userId, itemId, random: own }: Change): Promise<void> {
  const nowMs = clock.now()
  const late = nowMs - own.integer(3 * HOUR_MS)
  const iso = (ms: number): string => new Date(ms).toISOString()
  const event = { id: `changed-${nowMs}-${own.integer(1e9)}`, userId, itemId }
  const send = (type: string, occurredAt: number, body: object = {}): Promise<unknown> =>
    to.send('POST', '/v1/events', { events: [{ ...event, type, occurredAt: iso(occurredAt) }], ...body })
  const put = (path: string, attributes: object, knownAt?: number): Promise<unknown> =>
    to.send('PUT', path, { attributes, ...(knownAt !== undefined && { knownAt: iso(knownAt) }) })
  const kinds: readonly (() => Promise<unknown>)[] = [
    () => send('view', nowMs),
    () => send('view', late),
    () => send('view', nowMs).then(() => send('view', nowMs)),
    () => send('view', nowMs).then(() => send('cart', late)),
    () => send('view', late, { backfill: true }),
    () => put(`/v1/users/${userId}`, { plan: 'premium', age: 18 + own.integer(60) }),
    () => put(`/v1/users/${userId}`, { age: 18 + own.integer(60) }, late),
    () => put(`/v1/items/${itemId}`, { price: 1 + own.integer(90) }),
    () => put(`/v1/items/${itemId}`, { price: 1 + own.integer(90) }, late),
  ]
  await kinds[own.integer(kinds.length)]?.()
}
