import { beforeEach, describe, expect, it } from 'vitest'
import { createService, publish } from '../service.ts'
import type { Service } from '../service.ts'

let service: Service
beforeEach(async () => {
  service = await createService()
})

describe('POST /v1/predict', () => {
  it('answers from the body alone', async () => {
    const id = await publish()
    const reply = await service.call('POST', '/v1/predict', {
      body: {
        history: [{ type: 'view', itemId: 'i-1', occurredAt: 1_000_000_000_000 }],
        at: 1_000_000_060_000,
      },
    })
    expect(reply.text).toBe('')
    expect(reply.status).toBe(200)
    expect(reply.json.bundle.id).toBe(id)
  })
})
