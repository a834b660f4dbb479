// Reads a bundle from its folder, and takes it only as it was written: the manifest names every file by its
// hash, and the folder's own name, where it is an id, is the hash of the manifest.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleId, sha256Hex } from '../features/hash.ts'
import { parseManifest } from '../features/manifest-schema.ts'
import { fileOf } from '../features/manifest.ts'
import type { Manifest } from '../features/manifest.ts'
import { fail, succeed } from '../features/result.ts'
import type { Result } from '../features/result.ts'
import type { Card } from './card.ts'

export interface Bundle {
  readonly id: string
  readonly manifest: Manifest
  readonly model: Uint8Array<ArrayBuffer>
  readonly card: Card
}

export type BundleFault =
  /** The folder holds no manifest. */
  | { readonly code: 'no_bundle'; readonly folder: string }
  | { readonly code: 'bad_manifest'; readonly folder: string; readonly message: string }
  /** A file is absent, or not the one that the manifest names. */
  | { readonly code: 'bad_file'; readonly folder: string; readonly name: string }

/** Reads manifest, model and card. */
export async function readBundle(folder: string): Promise<Result<Bundle, BundleFault>> {
  const manifestBytes = readBytes(join(folder, 'manifest.json'))
  if (manifestBytes === undefined) return fail({ code: 'no_bundle', folder })
  const manifestText = textOf(manifestBytes)
  const parsed = parseManifest(manifestText)
  if (!parsed.ok) return fail({ code: 'bad_manifest', folder, message: parsed.reason })
  const manifest = parsed.value
  const contents = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const { name, sha256 } of manifest.files) {
    const content = readBytes(join(folder, name))
    if (content === undefined || (await sha256Hex(content)) !== sha256) {
      return fail({ code: 'bad_file', folder, name })
    }
    contents.set(name, content)
  }
  const contentOf = (kind: 'model' | 'card'): Uint8Array<ArrayBuffer> =>
    contents.get(fileOf(manifest, kind).name) ?? new Uint8Array()
  return succeed({
    id: await bundleId(manifestText),
    manifest,
    model: contentOf('model'),
    // Written by training as a whole: the hash stands for its shape.
    card: JSON.parse(textOf(contentOf('card'))) as Card,
  })
}

/** One line that says what is wrong with a bundle. */
export function describeBundleFault(fault: BundleFault): string {
  switch (fault.code) {
    case 'no_bundle':
      return `There is no bundle in ${fault.folder}`
    case 'bad_manifest':
      return `The bundle in ${fault.folder} cannot be read: ${fault.message}`
    case 'bad_file':
      return `The bundle in ${fault.folder} is not intact: ${fault.name} is not as it was written`
  }
}

function readBytes(path: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return new Uint8Array(readFileSync(path))
  } catch {
    return undefined
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes)
}
