// promote, canary, shadow and rollback with --url, against a stand-in for the service.
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import type { RoleChange } from '../../../features/roles.ts'
import { changeRolesOf } from '../../../cli/verbs/change-roles.ts'

const [OLD, NEW] = ['a'.repeat(32), 'b'.repeat(32)]

let server: Server
let url: string
let served: string
let sent: unknown[]
/** What the service wrote down. */
let latest: { readonly bundleId: string; readonly percent: number | null }

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (data: Buffer) => (text += data.toString()))
    request.on('end', () => {
      if (request.method === 'POST') sent.push(JSON.parse(text))
      const answer = { project: served, champion: { id: OLD }, challenger: null, version: 7, audit: [latest] }
      response.end(JSON.stringify(answer))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  served = 'shop'
  sent = []
})

async function run(change: RoleChange, bundle?: string): Promise<unknown> {
  const log = vi.spyOn(console, 'log').mockImplementation(() => undefined)
  try {
    await changeRolesOf('shop', {
      options: { url, key: 'psg_0', note: 'why', json: true },
      ...(bundle !== undefined && { bundle }),
      changeOf: () => change,
      said: () => '',
    })
    return JSON.parse(String(log.mock.calls[0]?.[0]))
  } finally {
    log.mockRestore()
  }
}

describe('a change of roles with --url', () => {
  it('is sent on the roles that were looked at, and tells what the service wrote down', async () => {
    latest = { bundleId: NEW, percent: 5 }
    const told = await run({ action: 'canary', bundleId: NEW, percent: 5, stepMs: 7_200_000 }, NEW)
    expect(sent).toEqual([
      { action: 'canary', bundleId: NEW, percent: 5, stepHours: 2, note: 'why', decidedOn: 7 },
    ])
    expect(told).toEqual({ project: 'shop', action: 'canary', bundle: NEW, from: NEW, percent: 5 })
  })

  it('names who answers again where one was taken back, or that only a trial has ended', async () => {
    latest = { bundleId: NEW, percent: 100 }
    expect(await run({ action: 'rollback' })).toMatchObject({ bundle: OLD, from: NEW, percent: 100 })
    latest = { bundleId: NEW, percent: null }
    expect(await run({ action: 'rollback' })).toMatchObject({ bundle: NEW, from: NEW, percent: null })
    expect(sent[0]).toEqual({ action: 'rollback', note: 'why', decidedOn: 7 })
  })

  it('touches no service of another project', async () => {
    served = 'other'
    await expect(run({ action: 'rollback' })).rejects.toThrow("serves project 'other', not 'shop'")
    expect(sent).toEqual([])
  })
})
