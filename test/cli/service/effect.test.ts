// What npm start makes of a service whose answers do not change.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { showEffect } from '../../../cli/service/effect.ts'
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
