// The ways to tell a trainer, against a stand-in that answers as GitHub's API does.
import { createServer } from 'node:http'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { wake } from '../../functions/scheduled/wake/wake.ts'
import type { WakeVariables } from '../../functions/scheduled/wake/wake.ts'

interface Told {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: unknown
}

let server: Server
let url: string
let told: Told[]
let status: number

beforeAll(async () => {
  server = createServer((request, response) => {
    let text = ''
    request.on('data', (data: Buffer) => (text += data.toString()))
    request.on('end', () => {
      told.push({ path: request.url ?? '', headers: request.headers, body: JSON.parse(text) })
      // 204 without a body, as GitHub does; else a message.
      response.writeHead(status).end(status === 204 ? undefined : '{"message":"Not Found"}')
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => void server.close())
beforeEach(() => {
  told = []
  status = 204
})

function tell(variables: WakeVariables) {
  return wake({ project: 'shop', trainingId: 7, why: 'enough new', variables })
}

const GITHUB = { TRAINING_WAKE: 'github', GITHUB_REPOSITORY: 'us/shop', GITHUB_TOKEN: 'secret-token' }

describe('wake', () => {
  it('starts the workflow of the repository, with the project as its input', async () => {
    expect(await tell({ ...GITHUB, GITHUB_API: url })).toMatchObject({ ok: true })
    expect(told).toHaveLength(1)
    expect(told[0]).toMatchObject({
      path: '/repos/us/shop/actions/workflows/train.yml/dispatches',
      headers: { authorization: 'Bearer secret-token', accept: 'application/vnd.github+json' },
      body: { ref: 'main', inputs: { project: 'shop' } },
    })
    expect(told[0]?.headers['user-agent']).toBeDefined()
  })

  it('says what GitHub answered where it refuses, and never the token', async () => {
    status = 404
    const outcome = await tell({ ...GITHUB, GITHUB_API: url })
    expect(outcome).toMatchObject({ ok: false })
    expect(JSON.stringify(outcome)).toContain('answered 404')
    expect(JSON.stringify(outcome)).not.toContain('secret-token')
  })

  it('posts to a URL', async () => {
    expect(await tell({ TRAINING_WAKE: 'webhook', WEBHOOK_URL: `${url}/hook` })).toMatchObject({ ok: true })
    expect(told[0]).toMatchObject({
      path: '/hook',
      body: { kind: 'training_queued', project: 'shop', trainingId: 7 },
    })
  })

  it('tells nobody where nothing is set', async () => {
    expect(await tell({})).toMatchObject({ ok: true })
    expect(told).toEqual([])
  })

  it.each<[WakeVariables, string]>([
    [{ TRAINING_WAKE: 'github' }, 'GITHUB_REPOSITORY'],
    [{ TRAINING_WAKE: 'webhook' }, 'WEBHOOK_URL'],
    [{ TRAINING_WAKE: 'webhook', WEBHOOK_URL: 'nowhere' }, 'the URL to tell is none'],
    [{ TRAINING_WAKE: 'webhook', WEBHOOK_URL: 'http://127.0.0.1:9/' }, 'did not answer'],
    [{ TRAINING_WAKE: 'pigeon' }, 'there are github, webhook, none'],
  ])('says of %j what is missing', async (variables, words) => {
    expect(JSON.stringify(await tell(variables))).toContain(words)
  })
})
