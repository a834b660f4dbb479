import { beforeEach, describe, expect, it } from 'vitest'
import { createService, publish } from '../service.ts'
import type { Service } from '../service.ts'
import { shopHeads, shopManifest } from '../shop.ts'

const AT = Date.UTC(2026, 5, 1)

let service: Service
beforeEach(async () => {
  service = await createService()
})

const margins = { cuts: [0], below: [0.3, 0.3], above: [0.4, 0.4] }
const heads = shopHeads.map((head) => ({
  ...head,
  support: head.task === 'leavesWithin30Days' ? [0, 1, 400, 400, 400] : [5, 60, 400, 400, 400],
  ...('classes' in head && { margins }),
}))
const history = [{ type: 'view', itemId: 'i-1', occurredAt: AT - 60_000 }]
const ask = (more: object = {}) => service.call('POST', '/v1/predict', { body: { history, at: AT, ...more } })

describe('POST /v1/predict with a bundle that counted its support', () => {
  it('says how many moments of training looked like this, and where too few did gives the prior', async () => {
    await publish({ manifest: shopManifest({ heads }) })
    const { json, status } = await ask({ explain: true })
    expect(status).toBe(200)
    expect(json.answers.buysWithin7Days).toEqual({ probability: expect.any(Number), support: 60 })
    expect(json.answers.leavesWithin30Days).toEqual({
      probability: 0.3,
      basis: 'prior',
      fallback: 'too_little_known',
      support: 1,
    })
    expect(json.fallback).toBeNull()
    expect(json.explanations.leavesWithin30Days).toEqual({ unexplained: 'too_little_known' })
    expect(json.explanations.buysWithin7Days).toHaveProperty('contributions')
  })

  it('gives intervals of probabilities on request', async () => {
    await publish({ manifest: shopManifest({ heads }) })
    const { json } = await ask({ interval: true })
    const { probability, interval } = json.answers.buysWithin7Days
    expect(interval.lower).toBeLessThan(probability)
    expect(interval.upper).toBeGreaterThan(probability)
    const { value, probabilities, interval: ofValue } = json.answers.nextAction
    expect(ofValue.lower).toBeLessThan(probabilities[value])
    expect(json.answers.spend28Days).not.toHaveProperty('interval')
    const unasked = await ask()
    expect(unasked.json.answers.buysWithin7Days).not.toHaveProperty('interval')
  })
})
