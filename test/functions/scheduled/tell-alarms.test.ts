// Telling alarms, on a local D1; what is posted is caught where it leaves the Worker.
import { env } from 'cloudflare:workers'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { endAlarm, readAlarms, ringAlarm } from '../../../functions/db/alarms.ts'
import { connect } from '../../../functions/db/client.ts'
import { sign } from '../../../functions/scheduled/sign.ts'
import { tellAlarms } from '../../../functions/scheduled/tell-alarms.ts'
import type { AlarmVariables } from '../../../functions/scheduled/tell-alarms.ts'
import { resetDatabase } from '../service.ts'
import { shop } from '../shop.ts'

const NOW = Date.UTC(2026, 5, 1)
const VARIABLES = { ALARM_URL: 'https://alarms.test/in', ALARM_SECRET: 'long and random' }

interface Posted {
  readonly url: string
  readonly headers: Headers
  readonly text: string
  readonly redirect: string
}

let posted: Posted[]
let status: number
beforeEach(async () => {
  await resetDatabase()
  posted = []
  status = 204
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    const request = new Request(url, init)
    posted.push({ url, headers: request.headers, text: await request.text(), redirect: request.redirect })
    return new Response(status === 204 ? null : 'no', { status })
  })
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const db = () => connect(env.DB)
const ring = (detail = 'plan moved') => ringAlarm(db(), { kind: 'drift', at: NOW, detail })
const tell = (nowMs = NOW, variables: AlarmVariables = VARIABLES) =>
  tellAlarms({ project: shop, binding: env.DB, variables, nowMs })
const kinds = async () => (await readAlarms(db())).map(({ kind }) => kind)

describe('an alarm', () => {
  it('is told once that it rings and once that it ended, signed with the time', async () => {
    await ring()
    await tell()
    await tell(NOW + 1_000)
    await endAlarm(db(), { kind: 'drift', nowMs: NOW + 2_000 })
    await tell(NOW + 3_000)
    await tell(NOW + 4_000)
    expect(posted.map(({ text }) => JSON.parse(text))).toMatchObject([
      {
        project: 'test-shop',
        alarm: 'drift',
        state: 'ringing',
        detail: 'plan moved',
        at: '2026-06-01T00:00:00.000Z',
      },
      { alarm: 'drift', state: 'ended', at: '2026-06-01T00:00:02.000Z' },
    ])
    const [first] = posted
    const timestamp = String(NOW / 1_000)
    expect(first?.headers.get('presage-timestamp')).toBe(timestamp)
    const signature = await sign(first?.text ?? '', { timestamp, secret: VARIABLES.ALARM_SECRET })
    expect(first?.headers.get('presage-signature')).toBe(signature)
    expect(first?.text).not.toContain(VARIABLES.ALARM_SECRET)
  })

  it('that nobody takes is told again at the next turn under the same id, and that rings until then', async () => {
    await ring()
    status = 500
    expect(await tell()).toContain('answered 500')
    expect(await kinds()).toEqual(['drift', 'webhook'])
    await tell(NOW + 300_000)
    status = 204
    await tell(NOW + 600_000)
    expect(await kinds()).toEqual(['drift'])
    const ids = posted.map(({ text }) => (JSON.parse(text) as { id: string }).id)
    expect(ids).toHaveLength(3)
    expect(new Set(ids).size).toBe(1)
  })

  it.each([{}, { ALARM_SECRET: '' }])(
    'is not told without a signature, of a secret that is %j',
    async (secret) => {
      await ring()
      expect(await tell(NOW, { ALARM_URL: VARIABLES.ALARM_URL, ...secret })).toContain('ALARM_SECRET is not')
      expect(posted).toEqual([])
      expect(await kinds()).toEqual(['drift', 'webhook'])
    },
  )

  it('that is answered by a redirect is not told: what follows one has no body', async () => {
    await ring()
    status = 301
    expect(await tell()).toContain('answered 301')
    expect(posted).toMatchObject([{ redirect: 'manual' }])
    expect(await kinds()).toEqual(['drift', 'webhook'])
  })

  it('is told nowhere where no URL is given, and rings on', async () => {
    await ring()
    expect(await tell(NOW, {})).toContain('told nowhere')
    expect(await kinds()).toEqual(['drift'])
  })

  it('that ended before it could be told is not told', async () => {
    await ring()
    await endAlarm(db(), { kind: 'drift', nowMs: NOW })
    expect(await tell()).toBe('no alarm is to be told')
  })
})
