// One trained model in three runtimes: TensorFlow.js and ONNX Runtime in Node answered its golden rows;
// here workerd loads the bundle from R2 as the service does and answers them again.
import { env } from 'cloudflare:workers'
import { afterEach, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { decode, priorAnswers } from '../../features/decode.ts'
import type { EncodeRequest } from '../../features/encode.ts'
import { bundleId } from '../../features/hash.ts'
import { manifestSchema } from '../../features/manifest.ts'
import type { Manifest } from '../../features/manifest.ts'
import { loadBundle } from '../../functions/inference/bundle.ts'
import type { LoadedBundle } from '../../functions/inference/bundle.ts'
import { predict } from '../../functions/inference/predict.ts'
import { differences, rowOf, typedRow } from './golden-bundle.ts'
import type { GoldenBundle } from './golden-bundle.ts'

/** The largest difference of probabilities between any two runtimes. */
const PARITY_MAX = 1e-5
const TRAINING_TIMEOUT_MS = 240_000

afterEach(() => {
  vi.restoreAllMocks()
})

describe.each(['pooled', 'transformer'])('a trained %s bundle', (family) => {
  let golden: GoldenBundle
  let manifest: Manifest
  let bundle: LoadedBundle
  let everyRow: readonly number[]
  let requests: readonly EncodeRequest[]

  beforeAll(async () => {
    const response = await fetch(`${inject('goldenBundlesUrl')}/${family}`)
    if (!response.ok) throw new Error(await response.text())
    golden = await response.json()
    manifest = manifestSchema.parse(JSON.parse(golden.manifestText))
    everyRow = Array.from({ length: golden.rows }, (_, row) => row)
    requests = requestsOf(golden)
    await store(golden, { id: golden.id, model: modelOf(golden) })
    bundle = await load(golden.id)
  }, TRAINING_TIMEOUT_MS)

  it('is found intact, with a thousand golden rows', () => {
    expect(golden.rows).toBe(1_000)
    expect(bundle.session?.inputNames.toSorted()).toEqual(manifest.inputs.map(({ name }) => name).toSorted())
    expect(bundle.session?.outputNames.toSorted()).toEqual(manifest.heads.map(({ task }) => task).toSorted())
  })

  it('gives the same probabilities in TensorFlow.js, ONNX Runtime for Node and workerd', async () => {
    const seen = new Set<string>()
    const found: number[] = []
    for (const row of everyRow) {
      const at = { row, rows: golden.rows }
      const outputs = await bundle.session?.run(typedRow(manifest, rowOf(golden.inputs, at)))
      const workerd = decode(manifest, outputs ?? {})
      const tensorflow = decode(manifest, rowOf(golden.tensorflow, at))
      const onnxNode = decode(manifest, rowOf(golden.onnxNode, at))
      seen.add(JSON.stringify(workerd))
      found.push(...differences(manifest, [workerd, tensorflow]))
      found.push(...differences(manifest, [workerd, onnxNode]))
      found.push(...differences(manifest, [tensorflow, onnxNode]))
    }
    console.log(`${family}: largest difference between runtimes ${Math.max(...found).toExponential(1)}`)
    expect(found.length).toBe(3 * golden.rows * manifest.heads.length)
    expect(found.filter((difference) => !(difference <= PARITY_MAX))).toEqual([])
    // A model that answers everybody alike would agree with itself anywhere.
    expect(seen.size).toBeGreaterThan(golden.rows / 2)
  })

  it('is asked with the inputs that training made, byte for byte', () => {
    for (const [row, request] of requests.entries()) {
      const encoded = bundle.encode(request)
      const wanted = typedRow(manifest, rowOf(golden.inputs, { row, rows: golden.rows }))
      expect(Object.keys(encoded)).toEqual(Object.keys(wanted))
      for (const [name, values] of Object.entries(encoded)) {
        expect(rawBytes(values), `row ${row}, input ${name}`).toBe(rawBytes(wanted[name]))
      }
    }
  })

  it('answers the question behind a golden row as the row does', async () => {
    for (const row of [0, 333, 999]) {
      const { answers, fallback } = await predict(bundle, requests[row])
      expect(fallback).toBeNull()
      const wanted = decode(manifest, rowOf(golden.tensorflow, { row, rows: golden.rows }))
      for (const difference of differences(manifest, [answers, wanted])) {
        expect(difference).toBeLessThanOrEqual(PARITY_MAX)
      }
    }
  })

  it('is not believed where model.onnx is not what its name says', async () => {
    await store(golden, { id: golden.id, model: damaged(golden) })
    expect(await loadBundle({ bucket: env.BUNDLES, id: golden.id, projectName: 'shop' })).toEqual({
      ok: false,
      reason: 'not_intact',
    })
  })

  it('gives way to the prior, alone and with a clear error, where model.onnx is no model', async () => {
    const errors = vi.spyOn(console, 'error').mockImplementation(() => {})
    const id = await idOf(golden, damaged(golden))
    await store(golden, { id, model: damaged(golden) })
    const broken = await load(id)
    expect(broken.session).toBeUndefined()
    expect(errors.mock.calls.map(([message]) => message)).toEqual([
      `Bundle ${id}: its model cannot be opened`,
    ])
    const [request] = requests
    expect(await predict(broken, request)).toEqual({
      answers: priorAnswers(manifest),
      fallback: 'model_failed',
    })
    expect((await predict(bundle, request)).fallback).toBeNull()
  })
})

function requestsOf({ questions, users, items }: GoldenBundle): EncodeRequest[] {
  const catalogue = new Map(items)
  return questions.map(({ userId, at }) => {
    const user = users[userId]
    if (user === undefined) throw new Error(`User '${userId}' is absent`)
    return { history: user.events, attributes: user.attributes, items: catalogue, at }
  })
}

function modelOf({ modelBase64 }: GoldenBundle): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(modelBase64), (character) => character.charCodeAt(0))
}

function damaged(golden: GoldenBundle): Uint8Array<ArrayBuffer> {
  return modelOf(golden).fill(0xff, 0, 64)
}

function idOf({ manifestText, cardText }: GoldenBundle, model: Uint8Array<ArrayBuffer>): Promise<string> {
  return bundleId({ model, manifestText, cardText })
}

async function store(
  { manifestText, cardText }: GoldenBundle,
  { id, model }: { readonly id: string; readonly model: Uint8Array },
): Promise<void> {
  await env.BUNDLES.put(`bundles/${id}/model.onnx`, model)
  await env.BUNDLES.put(`bundles/${id}/manifest.json`, manifestText)
  await env.BUNDLES.put(`bundles/${id}/card.json`, cardText)
}

async function load(id: string): Promise<LoadedBundle> {
  const loaded = await loadBundle({ bucket: env.BUNDLES, id, projectName: 'shop' })
  if (!loaded.ok) throw new Error(loaded.reason)
  return loaded.value
}

function rawBytes(values: Float32Array | Int32Array | undefined): string {
  return values === undefined
    ? 'absent'
    : String(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
}
