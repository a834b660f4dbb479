// How `npm start` shows that what is sent counts, and what it makes of answers that do not change.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it, onTestFinished } from 'vitest'
import { showEffect } from '../../../cli/service/effect.ts'
import { defineProject, label, number } from '../../../features/project.ts'
import { shop } from '../../../projects/shop.ts'

const example = { userId: 'u-1', attributes: {}, itemId: 'i-1' }
let stop: () => void = () => {}
afterEach(() => stop())

/** A service that gives every request the same answer. */
async function serviceThatSays(answer: unknown) {
  const server = createServer((_, response) => void response.end(JSON.stringify(answer)))
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  stop = () => void server.close()
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, key: 'psg_none' }
}

const byPrior = { probability: 0.1, basis: 'prior' }
const byModel = { probability: 0.1 }

describe('showEffect', () => {
  it.each([
    [
      'where no task has a model that is better than the prior',
      'softmax',
      { buys: byPrior, leaves: byPrior },
    ],
    ['where the family is the prior', 'prior', { buys: byModel }],
  ])('takes no offence at answers that stay, %s', async (_, family, answers) => {
    const service = await serviceThatSays({ fallback: null, bundle: { id: 'b', family }, answers })
    expect(await showEffect(service, { project: shop, example })).toBeUndefined()
  })

  it.each([
    ['a model', null, { buys: byModel, leaves: byPrior }],
    ['a prior that stands in for a model that failed', 'model_failed', { buys: byPrior }],
  ])('refuses answers that stay, of %s', async (_, fallback, answers) => {
    const service = await serviceThatSays({ fallback, bundle: { id: 'b', family: 'softmax' }, answers })
    await expect(showEffect(service, { project: shop, example })).rejects.toThrow('changed no answer')
  })
})

const table = defineProject({
  name: 'table',
  user: { age: number(), visits: number() },
  tasks: { buys: label(['no', 'yes']) },
})

/** Its answer hardly follows the age, and follows the visits. */
async function serveProfiles(): Promise<{ readonly url: string; readonly putIds: Set<string> }> {
  const putIds = new Set<string>()
  const profiles = new Map<string, Record<string, number>>()
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const sent = JSON.parse(body) as { userId?: string; attributes?: Record<string, number> }
      const id = sent.userId ?? (request.url ?? '').split('/').at(-1) ?? ''
      if (sent.attributes !== undefined) {
        putIds.add(id)
        profiles.set(id, sent.attributes)
      }
      const { age = 0, visits = 0 } = profiles.get(id) ?? {}
      const yes = age / 1e7 + visits / 100
      response.setHeader('content-type', 'application/json')
      response.end(
        JSON.stringify({
          fallback: null,
          bundle: { id: 'b', family: 'softmax' },
          answers: { buys: { value: 'no', probabilities: { no: 1 - yes, yes } } },
        }),
      )
    })
  })
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, putIds }
}

it('shows a change that can be seen, on nobody who is real', async () => {
  const { url, putIds } = await serveProfiles()
  const visitor = { userId: '1', attributes: { age: 30, visits: 5 } }
  const effect = await showEffect({ url, key: 'psg_' }, { project: table, example: visitor })
  expect(effect?.change).toBe('visits from 5 to 6 for one like 1')
  expect([effect?.before, effect?.after]).toEqual(['no 0.9500, yes 0.0500', 'no 0.9400, yes 0.0600'])
  expect([...putIds]).toEqual([expect.stringMatching(/^start-/)])
})
