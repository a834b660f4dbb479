// Three hundred bundles broken in every way we could think of: none of them may answer wrongly as if it
// were whole, none may take the isolate down, and /readyz must say of each what is so.
import { onnx } from 'onnx-proto'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { undated } from '../../features/attributes.ts'
import { decode } from '../../features/decode.ts'
import { createEncoder } from '../../features/encode.ts'
import type { Answers } from '../../features/heads/head.ts'
import { parseManifest } from '../../features/manifest-schema.ts'
import { createRandom } from '../../features/random.ts'
import type { Random } from '../../features/random.ts'
import { createService, deploy, openService, storeBundle } from './service.ts'
import { shopManifest } from './shop.ts'
import { goldenText, tinyBundle } from './tiny-bundle.ts'
import type { TinyBundle } from './tiny-bundle.ts'
import { tinyLogits, tinyModel } from './tiny-model.ts'

const COUNT = 300
const SEED = 20_261_125
const AT = Date.UTC(2026, 5, 1)

type Bytes = Uint8Array<ArrayBuffer>

interface Broken {
  readonly name: string
  readonly bundle: TinyBundle
  /** Files that are stored otherwise than listed. */
  readonly stored?: Readonly<Record<string, Bytes | null>>
}

const manifest = shopManifest()
const model = tinyModel(manifest)
const golden = goldenText(manifest)

function flipped(bytes: Uint8Array, random: Random, flips = 1): Bytes {
  const changed = Uint8Array.from(bytes)
  for (let flip = 0; flip < flips; flip += 1) {
    const place = random.integer(changed.length)
    changed[place] = (changed[place] ?? 0) ^ (1 << random.integer(8))
  }
  return changed
}

function cut(bytes: Uint8Array, random: Random): Bytes {
  return Uint8Array.from(bytes.subarray(0, random.integer(bytes.length)))
}

/** The tiny model with something changed in its graph. */
function changedModel(change: (graph: onnx.IGraphProto, parsed: onnx.IModelProto) => void): Bytes {
  const parsed = onnx.ModelProto.decode(model)
  if (parsed.graph) change(parsed.graph, parsed)
  return Uint8Array.from(onnx.ModelProto.encode(parsed).finish())
}

/** A node whose graph is run for ever: its condition stays true. */
function endless(opType: string): onnx.INodeProto {
  const { BOOL, INT64 } = onnx.TensorProto.DataType
  const value = (name: string, elemType: number) => ({
    name,
    type: { tensorType: { elemType, shape: { dim: [] } } },
  })
  const body: onnx.IGraphProto = {
    name: 'body',
    node: [{ opType: 'Identity', input: ['go'], output: ['goOn'] }],
    input: [value('turn', INT64), value('go', BOOL)],
    output: [value('goOn', BOOL)],
  }
  const attribute = { name: 'body', type: onnx.AttributeProto.AttributeType.GRAPH, g: body }
  return { opType, name: 'endless', input: ['', 'always'], output: [], attribute: [attribute] }
}

const OUT_OF_RANGE: readonly (readonly [from: RegExp, to: string])[] = [
  [/"temperature":1.2/, '"temperature":0'],
  [/"temperature":1.2/, '"temperature":-1'],
  [/"temperature":1.2/, '"temperature":1e-300'],
  [/"sequenceLength":8/, '"sequenceLength":2147483648'],
  [/"sequenceLength":8/, '"sequenceLength":-1'],
  [/"sequenceLength":8/, '"sequenceLength":1e300'],
  [/"sequenceLength":8/, '"sequenceLength":9'],
  [/"scale":30/, '"scale":0'],
  [/"factor":1.1/, '"factor":-1'],
  [/"factor":1.1/, '"factor":1e300'],
  [/"prior":\[0.9,0.1\]/, '"prior":[0.9,0.2]'],
  [/"prior":\[0.9,0.1\]/, '"prior":[1.5,-0.5]'],
  [/"newcomerPrior":\[3.5\]/, '"newcomerPrior":[-3.5]'],
  [/"bias":\[0,0.1\]/, '"bias":[0]'],
  [/"bias":\[0,0.1\]/, '"bias":[0,1e308]'],
  [/"deviation":12/, '"deviation":-12'],
  [/"boundaries":\[20,40,60\]/, '"boundaries":[60,40,20]'],
  [/"bytes":\d+/, '"bytes":0'],
  [/"bytes":\d+/, '"bytes":1e15'],
  [/"name":"model.onnx"/, '"name":"../../secret"'],
  [/"kind":"amount"/, '"kind":"probability"'],
  [/"classes":\["no","yes"\]/, '"classes":["yes","no"]'],
  [/"featureVersion":\d+/, '"featureVersion":1'],
  [/"shape":\[8\]/, '"shape":[4294967296]'],
]

type Break = (random: Random, intact: TinyBundle) => Promise<Broken>

const BREAKS: readonly Break[] = [
  async (random, bundle) => ({
    name: 'model, a bit',
    bundle,
    stored: { 'model.onnx': flipped(model, random) },
  }),
  async (random, bundle) => ({
    name: 'manifest, a bit',
    bundle,
    stored: { 'manifest.json': flipped(fileOf(bundle, 'manifest.json'), random) },
  }),
  async (random, bundle) => {
    const file = ['model.onnx', 'manifest.json', 'golden.json', 'card.json'][random.integer(4)] ?? ''
    return { name: `${file}, cut`, bundle, stored: { [file]: cut(fileOf(bundle, file), random) } }
  },
  async (random, bundle) => {
    const file = ['model.onnx', 'manifest.json', 'golden.json'][random.integer(3)] ?? ''
    return { name: `${file}, missing`, bundle, stored: { [file]: null } }
  },
  // From here on the manifest lists what there is: hashes alone find nothing.
  async (random) => ({
    name: 'model, a bit, listed',
    bundle: await tinyBundle({ golden, model: flipped(model, random) }),
  }),
  async (random) => ({
    name: 'model, 200 bits, listed',
    bundle: await tinyBundle({ golden, model: flipped(model, random, 200) }),
  }),
  async (random) => ({
    name: 'model, cut, listed',
    bundle: await tinyBundle({ golden, model: cut(model, random) }),
  }),
  async (random) => {
    const edit = (text: string): string =>
      new TextDecoder().decode(flipped(new TextEncoder().encode(text), random))
    return { name: 'manifest, a bit, hashed', bundle: await tinyBundle({ golden, edit }) }
  },
  async (random) => {
    const [from, to] = OUT_OF_RANGE[random.integer(OUT_OF_RANGE.length)] ?? [/^/, '']
    const edit = (text: string): string => text.replace(from, to)
    return { name: `manifest, ${to}`, bundle: await tinyBundle({ golden, edit }) }
  },
  async (random) => {
    const odd = [Number.NaN, Infinity, -Infinity, 1e38][random.integer(4)] ?? 0
    const changed = changedModel((graph) => {
      const { floatData } = graph.initializer?.[random.integer(graph.initializer.length)] ?? {}
      if (floatData) floatData[random.integer(floatData.length)] = odd
    })
    return { name: `weight of ${odd}`, bundle: await tinyBundle({ golden, model: changed }) }
  },
  async (random) => {
    const features = { sequenceLength: 1 + random.integer(7) }
    const other = tinyModel(shopManifest({ features }))
    return { name: 'other inputs', bundle: await tinyBundle({ golden, model: other }) }
  },
  async (random) => {
    const changed = changedModel((graph) => {
      const tensor = graph.initializer?.[random.integer(graph.initializer.length)]
      if (tensor?.dims) tensor.dims = tensor.dims.toReversed()
    })
    return { name: 'weights turned', bundle: await tinyBundle({ golden, model: changed }) }
  },
  async () => {
    const swap = new Map([
      ['buysWithin7Days', 'leavesWithin30Days'],
      ['leavesWithin30Days', 'buysWithin7Days'],
    ])
    const changed = changedModel((graph) => {
      for (const node of graph.node ?? [])
        node.output = node.output?.map((name) => swap.get(name) ?? name) ?? []
    })
    return { name: 'outputs swapped', bundle: await tinyBundle({ golden, model: changed }) }
  },
  async (random) => {
    const opType = ['Loop', 'If', 'Scan', 'SequenceMap', 'Unheard'][random.integer(5)] ?? ''
    const changed = changedModel((graph) => {
      const always = { name: 'always', dataType: onnx.TensorProto.DataType.BOOL, dims: [], int32Data: [1] }
      graph.initializer?.push(always)
      graph.node?.push(endless(opType))
    })
    return { name: `operator ${opType}`, bundle: await tinyBundle({ golden, model: changed }) }
  },
  async () => {
    const changed = changedModel((_graph, parsed) => {
      parsed.functions = [{ name: 'f', domain: 'own', node: [endless('Loop')] }]
    })
    return { name: 'function', bundle: await tinyBundle({ golden, model: changed }) }
  },
  async (random) => {
    const texts = [
      '',
      '{}',
      'null',
      '{"rows":1e9}',
      golden.replace(/\d\.\d/, '9e9'),
      golden.slice(0, random.integer(golden.length)),
    ]
    const text = texts[random.integer(texts.length)] ?? ''
    return { name: 'golden rows', bundle: await tinyBundle({ golden: text === '' ? ' ' : text }) }
  },
]

function fileOf({ files }: TinyBundle, name: string): Bytes {
  const file = files[name]
  if (file === undefined) throw new Error(`There is no ${name}`)
  return file
}

const PROBE = {
  history: [
    { type: 'view', itemId: 'i-1', occurredAt: AT - 9_000_000 },
    { type: 'search', occurredAt: AT - 700_000 },
    { type: 'purchase', itemId: 'i-2', value: 30, occurredAt: AT - 60_000, properties: { device: 'phone' } },
  ],
  attributes: { plan: 'pro', age: 33 },
  items: { 'i-2': { department: 'hats', price: 12 } },
  at: AT,
}

/** What the weights of the tiny model answer, read by this text of a manifest; undefined where it is none. */
function rightAnswers(manifestText: string): Answers | undefined {
  const parsed = parseManifest(manifestText)
  if (!parsed.ok) return undefined
  const encoded = createEncoder(parsed.value.features)({
    history: PROBE.history.map((event, place) => ({
      ...event,
      id: `${place}`,
      userId: '',
      receivedAt: event.occurredAt,
      place,
    })),
    user: undated(PROBE.attributes),
    items: new Map(Object.entries(PROBE.items).map(([id, values]) => [id, undated(values)])),
    atMs: AT,
  })
  const outputs = parsed.value.heads.map((head) => [head.task, tinyLogits(encoded, head)] as const)
  return decode(parsed.value, Object.fromEntries(outputs))
}

/** The largest difference between numbers that stand in the same place. */
function difference(left: unknown, right: unknown): number {
  if (typeof left === 'number' && typeof right === 'number') return Math.abs(left - right)
  if (typeof left !== 'object' || typeof right !== 'object' || left === null || right === null) {
    return left === right ? 0 : Infinity
  }
  const keys = new Set([...Object.keys(left), ...Object.keys(right)])
  return Math.max(
    0,
    ...Array.from(keys, (key) => difference(Reflect.get(left, key), Reflect.get(right, key))),
  )
}

beforeAll(async () => {
  await createService()
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterAll(() => {
  vi.restoreAllMocks()
})

interface Found {
  readonly name: string
  readonly isReady: boolean
  /** Answered as if by the model; null where it was not. */
  readonly error: number | null
  readonly statuses: readonly number[]
}

async function look({ name, bundle, stored = {} }: Broken): Promise<Found> {
  await storeBundle(bundle, stored)
  await deploy(bundle.id)
  const isolate = openService()
  const ready = await isolate.call('GET', '/readyz')
  const reply = await isolate.call('POST', '/v1/predict', { body: PROBE })
  const isAnswered = reply.status === 200 && reply.json.fallback === null
  const right = isAnswered ? rightAnswers(new TextDecoder().decode(bundle.files['manifest.json'])) : undefined
  return {
    name,
    isReady: ready.status === 200,
    error: isAnswered ? difference(reply.json.answers, right) : null,
    statuses: [ready.status, reply.status],
  }
}

describe('a bundle', () => {
  it('answers and is ready where nothing is broken', async () => {
    const found = await look({ name: 'intact', bundle: await tinyBundle({ golden }) })
    expect(found).toMatchObject({ isReady: true, statuses: [200, 200] })
    expect(found.error).toBeLessThan(1e-4)
  })

  it(`broken in one of ${COUNT} ways never answers wrongly, nor takes the service down`, async () => {
    const random = createRandom(SEED)
    const intact = await tinyBundle({ golden })
    const found: Found[] = []
    for (let index = 0; index < COUNT; index += 1) {
      const broken = await BREAKS[index % BREAKS.length]?.(random, intact)
      if (broken !== undefined) found.push(await look(broken))
    }
    expect(found).toHaveLength(COUNT)
    // A changed bit may change nothing that counts; then the bundle answers, rightly, and is ready.
    expect(found.filter(({ error }) => error !== null && !(error < 1e-3))).toEqual([])
    expect(found.filter(({ isReady, error }) => isReady !== (error !== null))).toEqual([])
    expect(
      found.filter(({ statuses }) => statuses.some((status) => status !== 200 && status !== 503)),
    ).toEqual([])
    expect(found.filter(({ isReady }) => !isReady).length).toBeGreaterThan(0.9 * COUNT)
    const harmless = found.filter(({ isReady }) => isReady).map(({ name }) => name)
    expect(harmless.filter((name) => !/, a bit, (listed|hashed)$/.test(name))).toEqual([])
    expect((await look({ name: 'intact', bundle: intact })).isReady).toBe(true)
  })
})
