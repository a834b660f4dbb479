import { exports } from 'cloudflare:workers'
import { describe, expect, it } from 'vitest'

describe('the Worker', () => {
  it('serves the project that PROJECT names', async () => {
    const reply = await exports.default.fetch('https://presage.test/v1/openapi.json')
    const document: { info: { title: string } } = await reply.json()
    expect(document.info.title).toBe('Presage: shop')
  })
})
