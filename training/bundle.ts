// A bundle on disk: the manifest and the files it lists by their hashes, written whole or not at all. That
// the model answers as it was trained is proven before (training/prove.ts).
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { inputSpecs } from '../features/encode.ts'
import { bundleId, sha256Hex } from '../features/hash.ts'
import { parseManifest } from '../features/manifest-schema.ts'
import { FEATURE_VERSION } from '../features/manifest.ts'
import type { BundleFile, FileKind, Manifest } from '../features/manifest.ts'
import type { Card } from './card.ts'
import type { ProvenModel } from './prove.ts'
import { makeFolder } from './make-folder.ts'

export interface BundleParts {
  readonly model: Uint8Array<ArrayBuffer>
  readonly manifest: Pick<Manifest, 'project' | 'family' | 'features' | 'heads' | 'reference'>
  readonly card: Card
  readonly golden: ProvenModel['golden']
  /** The card for people, by the bundle's id: it lies beside the files, and is none of them. */
  readonly page?: (id: string) => string
}

interface File {
  readonly name: string
  readonly kind: FileKind
  readonly content: Uint8Array<ArrayBuffer>
}

/**
 * Writes the bundle into a folder named by its id, and gives both.
 * Throws where the manifest is not one that a service would read.
 */
export async function writeBundle(
  bundlesFolder: string,
  { model, manifest, card, golden, page }: BundleParts,
): Promise<{ id: string; folder: string }> {
  const inputs = inputSpecs(manifest.features)
  const files: readonly File[] = [
    { name: 'model.onnx', kind: 'model', content: model },
    { name: 'card.json', kind: 'card', content: bytesOf(readableJson(card)) },
    {
      name: 'golden.json',
      kind: 'golden',
      content: bytesOf(`${JSON.stringify(goldenJson(inputs, golden))}\n`),
    },
  ]
  const whole: Manifest = {
    featureVersion: FEATURE_VERSION,
    project: manifest.project,
    family: manifest.family,
    features: manifest.features,
    inputs,
    heads: manifest.heads,
    files: await Promise.all(files.map(describeFile)),
    ...(manifest.reference !== undefined && { reference: manifest.reference }),
  }
  const manifestText = `${JSON.stringify(whole)}\n`
  const parsed = parseManifest(manifestText)
  if (!parsed.ok) throw new Error(`Expected a manifest that can be read, got ${parsed.reason}`)
  const id = await bundleId(manifestText)
  const folder = join(bundlesFolder, id)
  const draft = `${folder}.draft-${process.pid}`
  makeFolder(draft)
  try {
    writeFileSync(join(draft, 'manifest.json'), manifestText)
    for (const { name, content } of files) writeFileSync(join(draft, name), content)
    if (page !== undefined) writeFileSync(join(draft, 'card.html'), page(id))
    rmSync(folder, { recursive: true, force: true })
    renameSync(draft, folder)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return { id, folder }
}

async function describeFile({ name, kind, content }: File): Promise<BundleFile> {
  return { name, kind, bytes: content.length, sha256: await sha256Hex(content) }
}

/** Inputs row-major [rows, ...shape] and raw outputs [rows, width] by name. */
function goldenJson(inputs: Manifest['inputs'], { examples, outputs }: BundleParts['golden']): unknown {
  const arrays = (columns: Readonly<Record<string, ArrayLike<number>>>): Record<string, number[]> =>
    Object.fromEntries(Object.entries(columns).map(([name, values]) => [name, Array.from(values)]))
  const encoded = Object.fromEntries(inputs.map(({ name }) => [name, examples.inputs[name] ?? []]))
  return { rows: examples.count, inputs: arrays(encoded), outputs: arrays(outputs) }
}

/** A name a line, but numbers of one list in one line. */
function readableJson(value: unknown): string {
  const text = JSON.stringify(value, null, 2)
  // Within texts there is no such end of line: JSON escapes it.
  const inOneLine = text.replaceAll(/\[\n[-\d.e+,\n ]+\]/g, (list) => list.replaceAll(/\s+/g, ' '))
  return `${inOneLine}\n`
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text)
}
