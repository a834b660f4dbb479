import { env } from 'cloudflare:workers'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { FEATURE_VERSION } from '../../../features/manifest.ts'
import { createService } from '../service.ts'
import type { Reply, Service } from '../service.ts'
import { shopManifest } from '../shop.ts'
import { tinyBundle } from '../tiny-bundle.ts'
import type { TinyBundle, TinyBundleOptions } from '../tiny-bundle.ts'
import { tinyModel } from '../tiny-model.ts'

let service: Service
beforeEach(async () => {
  service = await createService()
  vi.spyOn(console, 'error').mockImplementation(() => {})
})

function put(id: string, file: string, bytes: Uint8Array<ArrayBuffer>): Promise<Reply> {
  return service.call('PUT', `/v1/bundles/${id}/${file}`, {
    text: bytes,
    headers: { 'content-type': 'application/octet-stream' },
  })
}

let made = 0

/** Another each time: what is in R2 stays there between tests. */
function ownBundle(options: TinyBundleOptions = {}): Promise<TinyBundle> {
  made += 1
  return tinyBundle({ card: `{"number":${made}}`, ...options })
}

const publishSent = (id: string) => service.call('POST', `/v1/bundles/${id}`)
const promote = (bundleId: string) =>
  service.call('POST', '/v1/deployments', { body: { action: 'promote', bundleId } })

/** The manifest first, as a trainer does; gives the last answer that is no success, else the last. */
async function send({ id, files }: TinyBundle, but: readonly string[] = []): Promise<Reply> {
  const names = ['manifest.json', ...Object.keys(files).filter((name) => name !== 'manifest.json')]
  let last: Reply | undefined
  for (const name of names.filter((one) => !but.includes(one))) {
    last = await put(id, name, files[name] ?? new Uint8Array())
    if (last.status !== 200) return last
  }
  if (last === undefined) throw new Error('Nothing was sent')
  return last
}

describe('a bundle that is sent over HTTP', () => {
  it('is published whole, answers nobody until it has a role, and then answers', async () => {
    const bundle = await ownBundle()
    expect((await send(bundle)).status).toBe(200)
    expect((await publishSent(bundle.id)).json).toEqual({ id: bundle.id, family: 'tiny' })
    const ask = { body: { history: [{ type: 'search', occurredAt: Date.now() - 1 }] } }
    expect((await service.call('POST', '/v1/predict', ask)).status).toBe(503)
    expect((await promote(bundle.id)).status).toBe(200)
    service = await again()
    const answered = await service.call('POST', '/v1/predict', ask)
    expect(answered.json).toMatchObject({ fallback: null, bundle: { id: bundle.id } })
  })

  it('may be sent again at any step, and is one bundle', async () => {
    const bundle = await ownBundle()
    await send(bundle, ['model.onnx'])
    await send(bundle)
    await publishSent(bundle.id)
    await send(bundle)
    expect((await publishSent(bundle.id)).status).toBe(200)
    expect(await service.count('bundles')).toBe(1)
  })

  it('is not published while a file is missing, and changes no answer', async () => {
    const bundle = await ownBundle()
    await send(bundle, ['golden.json'])
    const reply = await publishSent(bundle.id)
    expect(reply).toMatchObject({ status: 409, json: { code: 'bundle_refused' } })
    expect(reply.json.detail).toContain('golden.json')
    expect(await service.count('bundles')).toBe(0)
    expect((await promote(bundle.id)).status).toBe(409)
  })

  it('is published at once when the rest has come after it was refused half-sent', async () => {
    const bundle = await ownBundle()
    await send(bundle, ['model.onnx'])
    expect((await publishSent(bundle.id)).status).toBe(409)
    await send(bundle)
    expect((await publishSent(bundle.id)).status).toBe(200)
    expect((await promote(bundle.id)).status).toBe(200)
  })

  it('is listed by its card without what is long', async () => {
    const bundle = await ownBundle({
      card: JSON.stringify({ seed: 1, rehearsal: { tasks: { a: 1 }, quality: 'long' } }),
    })
    await send(bundle)
    await publishSent(bundle.id)
    const card = (await env.DB.prepare('select card from bundles').first<string>('card')) ?? ''
    expect(JSON.parse(card)).toEqual({ seed: 1, rehearsal: { tasks: { a: 1 } } })
  })

  it('is refused where a file is another than its manifest lists, or listed nowhere', async () => {
    const bundle = await ownBundle()
    const model = bundle.files['model.onnx'] ?? new Uint8Array()
    expect((await put(bundle.id, 'model.onnx', model)).json.detail).toContain('manifest.json first')
    await send(bundle, ['model.onnx'])
    const changed = model.with(model.length - 1, 7)
    expect((await put(bundle.id, 'model.onnx', changed)).json.detail).toContain('another hash')
    expect((await put(bundle.id, 'model.onnx', model.slice(1))).json.detail).toContain('bytes')
    expect((await put(bundle.id, 'other.bin', model)).json.detail).toContain('lists no file other.bin')
    expect(await env.BUNDLES.get(`bundles/${bundle.id}/model.onnx`)).toBeNull()
  })

  it('is refused under an id that is not its manifest’s, of another project, and of another version', async () => {
    const bundle = await ownBundle()
    const manifest = bundle.files['manifest.json'] ?? new Uint8Array()
    const wrong = await put('0'.repeat(32), 'manifest.json', manifest)
    expect(wrong).toMatchObject({ status: 409, json: { code: 'bundle_refused' } })
    expect(wrong.json.detail).toContain(bundle.id)
    const other = await ownBundle({ manifest: shopManifest({ project: 'gym' }) })
    expect((await send(other)).json.detail).toContain("of project 'gym'")
    const later = await ownBundle({
      edit: (text) =>
        text.replace(`"featureVersion":${FEATURE_VERSION}`, `"featureVersion":${FEATURE_VERSION + 1}`),
    })
    expect((await send(later)).json.detail).toContain('featureVersion')
  })

  it('is refused where its manifest is no text, or begins with a mark that whoever reads it would trip over', async () => {
    const { id, files } = await ownBundle()
    const manifest = files['manifest.json'] ?? new Uint8Array()
    const marked = await put(id, 'manifest.json', new Uint8Array([0xef, 0xbb, 0xbf, ...manifest]))
    expect(marked).toMatchObject({ status: 409, json: { code: 'bundle_refused' } })
    const broken = await put(id, 'manifest.json', new Uint8Array([0xff, ...manifest]))
    expect(broken).toMatchObject({ status: 400, json: { code: 'malformed_text' } })
  })

  it('is refused where its model does not give its golden rows', async () => {
    const manifest = shopManifest()
    const bundle = await ownBundle({ manifest, model: tinyModel(manifest, { nan: true }) })
    expect((await send(bundle)).status).toBe(200)
    expect(await publishSent(bundle.id)).toMatchObject({ status: 409, json: { code: 'bundle_refused' } })
    expect(await service.count('bundles')).toBe(0)
  })

  it('takes an admin key, and files of bounded size', async () => {
    const bundle = await ownBundle()
    const bytes = bundle.files['manifest.json'] ?? new Uint8Array()
    const call = { text: bytes, key: 'predict' as const }
    expect((await service.call('PUT', `/v1/bundles/${bundle.id}/manifest.json`, call)).status).toBe(403)
    const huge = await put(bundle.id, 'manifest.json', new Uint8Array(32_000_001))
    expect(huge).toMatchObject({ status: 413, json: { code: 'body_too_large' } })
  })
})

/** Another isolate, which has not remembered that nobody answered. */
async function again(): Promise<Service> {
  const { openService } = await import('../service.ts')
  return openService()
}
