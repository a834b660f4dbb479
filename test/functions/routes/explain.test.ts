import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it } from 'vitest'
import { category } from '../../../features/project.ts'
import { createService, openService, publish } from '../service.ts'
import type { Service } from '../service.ts'
import { shop, shopHeads, shopManifest } from '../shop.ts'
import { tinyModel } from '../tiny-model.ts'

const AT = Date.UTC(2026, 5, 1)
const DAY = 86_400_000

let service: Service
beforeEach(async () => {
  service = await createService()
})

const history = [
  { type: 'cart', itemId: 'i-1', occurredAt: AT - 3 * DAY, id: 'e-1' },
  { type: 'view', itemId: 'i-2', occurredAt: AT - 3_600_000, id: 'e-2' },
]
const body = {
  history,
  attributes: { plan: 'pro', age: 33 },
  items: { 'i-2': { department: 'hats', price: 3 } },
  context: { device: 'phone' },
  at: AT,
}

const ask = (explain: unknown, rest: object = body) =>
  service.call('POST', '/v1/predict', { body: { ...rest, explain } })

function sumOf(contributions: readonly { readonly contribution: number }[]): number {
  return contributions.reduce((sum, { contribution }) => sum + contribution, 0)
}

describe('POST /v1/predict with explain', () => {
  it('tells what each part adds, which sums to the answer less the base within 1e-6', async () => {
    await publish()
    const { json, headers, status } = await ask(true)
    expect(status).toBe(200)
    expect(headers.get('server-timing')).toMatch(/reasons;dur=/)
    expect(Object.keys(json.explanations)).toEqual(Object.keys(json.answers))
    for (const [task, told] of Object.entries<Record<string, never>>(json.explanations)) {
      const { base, score, contributions, of } = told
      expect(Math.abs(sumOf(contributions ?? []) - (Number(score) - Number(base))), task).toBeLessThan(1e-6)
      const answer = json.answers[task]
      const answered = answer.probability ?? answer.expected ?? answer.probabilities[String(of)]
      expect(score, task).toBeCloseTo(answered, 5)
    }
    expect(json.explanations.nextAction.of).toBe(json.answers.nextAction.value)
    const parts = json.explanations.buysWithin7Days.contributions.map(({ part }: { part: string }) => part)
    expect(parts).toEqual(expect.arrayContaining(['user.age', 'history.cart', 'event.1', 'event.2']))
  })

  it('says it in words, and which event is meant', async () => {
    await publish()
    const { json } = await ask(true)
    const { contributions } = json.explanations.buysWithin7Days
    const find = (name: string) => contributions.find(({ part }: { part: string }) => part === name)
    expect(find('history.cart').text).toMatch(/^1 × cart in 7 days: [+−]?[\d.]+ points$/)
    expect(find('user.age').text).toMatch(/^age is 33: /)
    expect(find('event.1')).toMatchObject({
      event: { id: 'e-2', type: 'view', occurredAt: '2026-05-31T23:00:00.000Z' },
    })
  })

  it('explains the chosen tasks alone, and nothing where nobody asks', async () => {
    await publish()
    const chosen = await ask(true, { ...body, tasks: ['spend28Days'] })
    expect(Object.keys(chosen.json.explanations)).toEqual(['spend28Days'])
    const no = await ask(false)
    expect(no.json).not.toHaveProperty('explanations')
  })

  it('finds the one change that moves the answer most among those that can be made', async () => {
    await publish()
    const changeable = ['user.plan', 'user.age']
    const { json } = await ask({ changeable, towards: 'more' })
    const { counterfactual, score } = json.explanations.buysWithin7Days
    expect(changeable).toContain(counterfactual.change)
    expect(counterfactual.score).toBeGreaterThan(score)
    const [, name] = counterfactual.change.split('.')
    const attributes = { ...body.attributes, [name]: counterfactual.to }
    const then = await service.call('POST', '/v1/predict', { body: { ...body, attributes } })
    expect(then.json.answers.buysWithin7Days.probability).toBeCloseTo(counterfactual.score, 5)
  })

  it('refuses a change of what cannot change, and says what can', async () => {
    await publish()
    const { status, json } = await ask({ changeable: ['item.price'] })
    expect(status).toBe(422)
    expect(JSON.stringify(json)).toContain('Expected one of user.plan, user.age, context.device')
    expect(JSON.stringify(json)).toContain('not_changeable')
  })

  it('refuses a change of what the project declares fixed', async () => {
    await publish()
    const fixed = { ...shop, user: { ...shop.user, plan: category({ fixed: true }) } }
    service = openService(env, { project: fixed })
    const { status, json } = await ask({ changeable: ['user.plan'] })
    expect(status).toBe(422)
    expect(json.reasons[0]).toMatchObject({
      code: 'not_changeable',
      message: 'Expected one of user.age, context.device',
    })
  })

  it.each([
    ['events', { events: 1.5 }],
    ['towards', { towards: 'up' }],
    ['changeable', { changeable: 'user.plan' }],
    ['changeable', { changeable: Array.from({ length: 21 }, () => 'user.plan') }],
    ['nothing', { nothing: 1 }],
  ])('names the field that is wrong: %s', async (field, explain) => {
    const { status, json } = await ask(explain)
    expect(status).toBe(422)
    expect(json.reasons).toEqual([expect.objectContaining({ path: ['explain', field] })])
  })

  it('says what it takes where it is neither of it', async () => {
    const { json } = await ask('yes')
    expect(json.detail).toBe('explain: Expected boolean or object')
  })

  it('says why there is nothing to explain', async () => {
    await publish()
    const unknown = await service.call('POST', '/v1/predict', { body: { userId: 'nobody', explain: true } })
    expect(unknown.json.fallback).toBe('unknown_user')
    expect(unknown.json.explanations.nextAction).toEqual({ unexplained: 'unknown_user' })
  })

  it('says so of a task that the prior answers, beside those that the model answers', async () => {
    const heads = shopHeads.map((head) =>
      head.task === 'nextAction' ? { ...head, basis: 'prior' as const } : head,
    )
    await publish({ manifest: shopManifest({ heads }) })
    const { json } = await ask(true)
    expect(json.explanations.nextAction).toEqual({ unexplained: 'prior' })
    expect(json.explanations.spend28Days.contributions.length).toBeGreaterThan(3)
  })

  it('asks a model that takes one row at a time so, to the same numbers', async () => {
    await publish()
    const many = await ask(true)
    service = await createService()
    await publish({ model: tinyModel(shopManifest(), { batch: 1 }) })
    const one = await ask(true)
    expect(one.json.fallback).toBeNull()
    expect(one.json.explanations.spend28Days.score).toBeCloseTo(many.json.explanations.spend28Days.score, 5)
    const places = (reply: typeof one) =>
      Object.fromEntries(
        reply.json.explanations.spend28Days.contributions.map(
          ({ part, contribution }: { part: string; contribution: number }) => [part, contribution.toFixed(3)],
        ),
      )
    expect(places(one)).toEqual(places(many))
  })
})
