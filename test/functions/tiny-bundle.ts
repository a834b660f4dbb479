// Whole bundles around the tiny model: files, golden rows, and a manifest that lists them.
import { sha256Hex, bundleId } from '../../features/hash.ts'
import type { BundleFile, FileKind, Manifest } from '../../features/manifest.ts'
import { createRandom } from '../../features/random.ts'
import { shopManifest } from './shop.ts'
import { tinyLogits, tinyModel } from './tiny-model.ts'

export interface TinyBundle {
  readonly id: string
  readonly manifest: Manifest
  /** By name, manifest.json among them. */
  readonly files: Readonly<Record<string, Uint8Array<ArrayBuffer>>>
}

export interface TinyBundleOptions {
  readonly manifest?: Manifest
  readonly card?: string
  /** In place of the model that fits the manifest; the manifest lists it by its own hash. */
  readonly model?: Uint8Array<ArrayBuffer>
  readonly golden?: string
  /** Changes the manifest's text before it is hashed. */
  readonly edit?: (text: string) => string
}

const FILE_NAMES = { model: 'model.onnx', card: 'card.json', golden: 'golden.json' } as const
const GOLDEN_ROWS = 8
const utf8 = new TextEncoder()

/** A bundle as training writes it; with options, one that is broken in some way but named for what it is. */
export async function tinyBundle(options: TinyBundleOptions = {}): Promise<TinyBundle> {
  const manifest = options.manifest ?? shopManifest()
  const contents: Record<FileKind, Uint8Array<ArrayBuffer>> = {
    model: options.model ?? tinyModel(manifest),
    card: Uint8Array.from(
      utf8.encode(options.card ?? JSON.stringify({ rehearsal: { tasks: { nextAction: { logLoss: 1.1 } } } })),
    ),
    golden: Uint8Array.from(utf8.encode(options.golden ?? goldenText(manifest))),
  }
  const kinds = ['model', 'card', 'golden'] as const
  const listed = await Promise.all(
    kinds.map(async (kind): Promise<BundleFile> => {
      const content = contents[kind]
      return { name: FILE_NAMES[kind], kind, bytes: content.length, sha256: await sha256Hex(content) }
    }),
  )
  const whole = { ...manifest, files: listed }
  const text = (options.edit ?? ((unchanged) => unchanged))(JSON.stringify(whole))
  const files = Object.fromEntries(kinds.map((kind) => [FILE_NAMES[kind], contents[kind]]))
  return {
    id: await bundleId(text),
    manifest: whole,
    files: { ...files, 'manifest.json': Uint8Array.from(utf8.encode(text)) },
  }
}

/** Rows that reach every weight of the tiny model, with the logits that it must give. */
export function goldenText(manifest: Manifest): string {
  const random = createRandom(3)
  const columns = manifest.inputs.map(({ name, type, shape }) => {
    const length = GOLDEN_ROWS * shape.reduce((size, dimension) => size * dimension, 1)
    const draw = (): number => (type === 'int32' ? random.integer(4) : Math.fround(random.next() * 2 - 1))
    return [name, Array.from({ length }, draw)] as const
  })
  const inputs = Object.fromEntries(columns)
  const outputs = manifest.heads.map((head) => {
    const rows = Array.from({ length: GOLDEN_ROWS }, (_, row) =>
      tinyLogits(Object.fromEntries(columns.map(([name, values]) => [name, rowOf(values, row)])), head),
    )
    return [head.task, rows.flat()] as const
  })
  return JSON.stringify({ rows: GOLDEN_ROWS, inputs, outputs: Object.fromEntries(outputs) })
}

function rowOf(values: readonly number[], row: number): readonly number[] {
  const width = values.length / GOLDEN_ROWS
  return values.slice(row * width, (row + 1) * width)
}
