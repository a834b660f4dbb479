// The champion's live quality beside its card's, by the Worker's own job on a local D1.
import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { addSettled, noFigures } from '../../../features/live-figures.ts'
import { createRandom } from '../../../features/random.ts'
import { readAlarms } from '../../../functions/db/alarms.ts'
import { connect } from '../../../functions/db/client.ts'
import { dayOf } from '../../../functions/db/predictions.ts'
import { watchLive } from '../../../functions/scheduled/watch-live.ts'
import { createService, publish } from '../service.ts'
import { shop, shopHeads } from '../shop.ts'

const DAY = 86_400_000
const [head] = shopHeads
/** Of answers of 0.2 that are true. */
const ENTROPY = -(0.2 * Math.log(0.2) + 0.8 * Math.log(0.8))

beforeEach(async () => {
  await createService()
})

async function champion(): Promise<string> {
  const tasks = { buysWithin7Days: { model: { logLoss: ENTROPY }, intervals: {} } }
  return publish({ card: JSON.stringify({ rehearsal: { tasks } }) })
}

/** So many users a day are answered 0.2, of whom so many buy. */
async function settle(bundleId: string, day: number, share: number, users = 300): Promise<void> {
  if (head === undefined) throw new Error('No head')
  const random = createRandom(day)
  let figures = noFigures(head)
  for (let user = 0; user < users; user += 1) {
    const target = random.next() < share ? 1 : 0
    figures = addSettled(figures, head, {
      userId: `u-${day}-${user}`,
      numbers: [0.8, 0.2],
      target,
      propensity: 1,
    })
  }
  await env.DB.prepare("insert into live values (?, 'champion', 'buysWithin7Days', ?, ?)")
    .bind(bundleId, dayOf(Date.now()) + day, JSON.stringify(figures))
    .run()
}

const look = (days: number) =>
  watchLive({ project: shop, binding: env.DB, bucket: env.BUNDLES, nowMs: Date.now() + days * DAY })
const ringing = async () => (await readAlarms(connect(env.DB))).map(({ kind }) => kind)

describe('the watch for live quality', () => {
  it('says nothing at any daily look of a champion that answers as its card says', async () => {
    const id = await champion()
    for (let day = 0; day < 30; day += 1) {
      await settle(id, day, 0.2)
      expect(await look(day)).toBe('the champion answers as its card says')
    }
    expect(await ringing()).toEqual([])
  })

  it('rings soon when it becomes worse after a good month, and not for ever once it is well again', async () => {
    const id = await champion()
    for (let day = 0; day < 28; day += 1) await settle(id, day, 0.2)
    let day = 28
    while ((await ringing()).length === 0 && day < 42) {
      await settle(id, day, 0.4)
      await look(day)
      day += 1
    }
    expect(day).toBeLessThan(36)
    const [alarm] = await readAlarms(connect(env.DB))
    expect(alarm).toMatchObject({
      kind: 'live',
      detail: expect.stringContaining('where the card says 0.5004'),
    })
    for (const later of [50, 60, 70]) await settle(id, later, 0.2)
    await look(70)
    expect(await ringing()).toEqual([])
  })

  it('rings anew about another champion: what was answered to the alarm before did not help', async () => {
    const id = await champion()
    for (let day = 0; day < 8; day += 1) await settle(id, day, 0.5)
    await look(4)
    await look(7)
    const [before] = await readAlarms(connect(env.DB))
    await env.DB.prepare("update deployments set from_at = ? where role = 'champion'")
      .bind(Date.now() + 5 * DAY)
      .run()
    await look(8)
    const [after] = await readAlarms(connect(env.DB))
    const days = (at = 0): number => Math.round((at - Date.now()) / DAY)
    expect([days(before?.at), days(after?.at)]).toEqual([4, 8])
    expect(await ringing()).toEqual(['live'])
  })

  it('says nothing where the card promises nothing', async () => {
    const id = await publish({ card: 'no card' })
    await settle(id, 0, 1)
    expect(await look(0)).toBe('the champion answers as its card says')
  })
})
