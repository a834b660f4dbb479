// A trainer that loses its training learns of it and stops, against a stand-in for the service.
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { claimTraining } from '../../../cli/trainer/held-training.ts'
import type { Service } from '../../../cli/service/client.ts'
import { FEATURE_VERSION } from '../../../features/manifest.ts'

let server: Server
let service: Service
let answers: Readonly<Record<string, readonly [status: number, body: object]>>
let asked: { readonly path: string; readonly body: Record<string, unknown> }[]

const TRAINING = { id: 7, why: 'enough', queuedAt: '2026-06-01T00:00:00.000Z', claims: 1, bundleId: null }

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (data: Buffer) => (text += data.toString()))
    request.on('end', () => {
      const path = (request.url ?? '').replace('/v1/trainings', '')
      asked.push({ path, body: JSON.parse(text) as Record<string, unknown> })
      const [status, body] = answers[path] ?? [200, {}]
      response.writeHead(status).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  service = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: 'psg_0' }
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  asked = []
  answers = { '/claim': [200, { training: TRAINING, lease: 'secret' }] }
})

const LOST = [409, { code: 'lease_lost', detail: 'Training 7 was taken up by another' }] as const

describe('claimTraining', () => {
  it('gives nothing where nothing is to be done', async () => {
    answers = { '/claim': [200, { training: null, lease: 'x' }] }
    expect(await claimTraining(service, { project: 'shop', leaseMs: 900 })).toBeUndefined()
  })

  it('says which project it trains and by which version, so that others are not let near it', async () => {
    const held = await claimTraining(service, { project: 'shop', leaseMs: 900 })
    held?.release()
    expect(asked[0]?.body).toMatchObject({ project: 'shop', featureVersion: FEATURE_VERSION })
  })

  it('renews the lease by itself, under the step that was told last', async () => {
    const held = await claimTraining(service, { project: 'shop', leaseMs: 300 })
    await held?.tell({ step: 'train', rows: 5 })
    await sleep(400)
    held?.release()
    const beats = asked.filter(({ path }) => path === '/7/heartbeat').map(({ body }) => body)
    expect(beats.length).toBeGreaterThan(2)
    expect(beats[0]).toEqual({ lease: 'secret', leaseMs: 300, step: 'train', rows: 5 })
    expect(beats.at(-1)).toEqual({ lease: 'secret', leaseMs: 300, step: 'train' })
  })

  it('ends with as much of a verdict as the service takes', async () => {
    const held = await claimTraining(service, { project: 'shop', leaseMs: 900 })
    await held?.end({ state: 'failed', verdict: `a\0b${'x'.repeat(3_997)}🙂` })
    held?.release()
    expect(asked.at(-1)?.body['verdict']).toBe(`ab${'x'.repeat(3_997)}`)
  })

  it('tells whoever works on it when it is in other hands', async () => {
    const held = await claimTraining(service, { project: 'shop', leaseMs: 300 })
    expect(held?.lost.aborted).toBe(false)
    answers = { ...answers, '/7/heartbeat': LOST }
    await sleep(400)
    held?.release()
    expect(held?.lost.aborted).toBe(true)
    await expect(held?.tell({ step: 'publish' })).rejects.toThrow('taken up by another')
  })

  it('loses nothing while the service is away', async () => {
    const held = await claimTraining(service, { project: 'shop', leaseMs: 300 })
    answers = { ...answers, '/7/heartbeat': [503, {}] }
    await sleep(400)
    answers = { ...answers, '/7/heartbeat': [200, {}] }
    await held?.tell({ step: 'train' })
    held?.release()
    expect(held?.lost.aborted).toBe(false)
  })

  it('says what the service says of a trainer of another version', async () => {
    answers = { '/claim': [409, { code: 'other_version', detail: 'The service encodes by version 3' }] }
    await expect(claimTraining(service, { project: 'shop', leaseMs: 300 })).rejects.toThrow(
      'The service encodes by version 3',
    )
  })
})
