// One trained model in three runtimes: TensorFlow.js and ONNX Runtime in Node answered its golden rows;
// here workerd loads the bundle from R2 as the service does and answers them again.
import { env } from 'cloudflare:workers'
import { beforeAll, describe, expect, inject, it } from 'vitest'
import { decode } from '../../features/decode.ts'
import type { EncodeRequest } from '../../features/encode.ts'
import { parseManifest } from '../../features/manifest-schema.ts'
import type { Manifest } from '../../features/manifest.ts'
import type { Result } from '../../features/result.ts'
import { loadBundle } from '../../functions/inference/bundle.ts'
import type { LoadedBundle } from '../../functions/inference/bundle.ts'
import { predict } from '../../functions/inference/predict.ts'
import type { ModelSession } from '../../functions/inference/runtime.ts'
import { shop } from '../../projects/shop.ts'
import { differences, rowOf, typedRow } from './golden-bundle.ts'
import type { GoldenBundle } from './golden-bundle.ts'

/** The largest difference of probabilities between any two runtimes. */
const PARITY_MAX = 1e-5
const TRAINING_TIMEOUT_MS = 240_000

describe.each(['pooled', 'transformer'])('a trained %s bundle', (family) => {
  let golden: GoldenBundle
  let manifest: Manifest
  let bundle: LoadedBundle
  let session: ModelSession
  let everyRow: readonly number[]
  let requests: readonly EncodeRequest[]

  beforeAll(async () => {
    const response = await fetch(`${inject('goldenBundlesUrl')}/${family}`)
    if (!response.ok) throw new Error(await response.text())
    golden = await response.json()
    manifest = valueOf(parseManifest(new TextDecoder().decode(fileOf(golden, 'manifest.json'))))
    everyRow = Array.from({ length: golden.rows }, (_, row) => row)
    requests = requestsOf(golden)
    await store(golden)
    bundle = valueOf(await loadBundle({ bucket: env.BUNDLES, id: golden.id, project: shop }))
    session = valueOf(bundle.model)
  }, TRAINING_TIMEOUT_MS)

  it('is found intact and its golden rows come out; it answers every task of its project', () => {
    expect(golden.rows).toBe(1_000)
    expect(session.inputs.map(({ name }) => name).toSorted()).toEqual(
      manifest.inputs.map(({ name }) => name).toSorted(),
    )
    expect(bundle.unanswered.size).toBe(0)
    expect(bundle.manifest.heads.map(({ task }) => task)).toEqual(Object.keys(shop.tasks))
  })

  it('gives the same probabilities in TensorFlow.js, ONNX Runtime for Node and workerd', async () => {
    const seen = new Set<string>()
    const found: number[] = []
    for (const row of everyRow) {
      const at = { row, rows: golden.rows }
      const outputs = await session.run(typedRow(manifest, rowOf(golden.inputs, at)))
      const workerd = decode(manifest, outputs)
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
})

function valueOf<Value>(result: Result<Value, unknown>): Value {
  if (result.ok) return result.value
  throw new Error(JSON.stringify(result.reason))
}

function requestsOf({ questions, users, items }: GoldenBundle): EncodeRequest[] {
  const catalogue = new Map(items)
  return questions.map(({ userId, atMs }) => {
    const user = users[userId]
    if (user === undefined) throw new Error(`User '${userId}' is absent`)
    return { history: user.events, user: user.versions, items: catalogue, atMs }
  })
}

function fileOf({ files }: GoldenBundle, name: string): Uint8Array {
  return Uint8Array.from(atob(files[name] ?? ''), (character) => character.charCodeAt(0))
}

async function store(golden: GoldenBundle): Promise<void> {
  for (const name of Object.keys(golden.files)) {
    await env.BUNDLES.put(`bundles/${golden.id}/${name}`, fileOf(golden, name))
  }
}

function rawBytes(values: Float32Array | Int32Array | undefined): string {
  return values === undefined
    ? 'absent'
    : String(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
}
