// The files of a bundle in R2, as they lie under bundles/<id>/, each held against its size and hash.
import { sha256Hex } from '../../features/hash.ts'
import type { BundleFile, FileKind, Manifest } from '../../features/manifest.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { ModelFault } from './bundle-error.ts'

export interface BundleSource {
  readonly bucket: R2Bucket
  readonly id: string
}

/** A manifest with vocabularies of a million names is a few tens of megabytes; a greater one is none. */
const MANIFEST_BYTES_MAX = 64_000_000

/** The text of manifest.json; undefined where there is none. Rejects when R2 does not answer. */
export async function readManifestText({ bucket, id }: BundleSource): Promise<string | undefined> {
  const object = await bucket.get(`bundles/${id}/manifest.json`)
  if (object === null || object.size > MANIFEST_BYTES_MAX) {
    await object?.body.cancel()
    return undefined
  }
  return object.text()
}

/** The files that the manifest lists, by kind, or the first that is not as listed. */
export async function readFiles(
  manifest: Manifest,
  source: BundleSource,
): Promise<Result<Readonly<Record<FileKind, Uint8Array>>, ModelFault>> {
  const read = await Promise.all(manifest.files.map((file) => readFile(file, source)))
  const files: Partial<Record<FileKind, Uint8Array>> = {}
  for (const [index, result] of read.entries()) {
    if (!result.ok) return result
    const kind = manifest.files[index]?.kind
    if (kind !== undefined) files[kind] ??= result.value
  }
  // The manifest has a file of each kind: features/manifest-schema.ts sees to it.
  return succeed(files as Record<FileKind, Uint8Array>)
}

async function readFile(
  { name, bytes, sha256 }: BundleFile,
  { bucket, id }: BundleSource,
): Promise<Result<Uint8Array, ModelFault>> {
  const object = await bucket.get(`bundles/${id}/${name}`)
  if (object === null) return fail({ code: 'file_missing', file: name })
  if (object.size !== bytes) {
    await object.body.cancel()
    return fail({ code: 'file_not_intact', file: name })
  }
  const content = await object.bytes()
  const isIntact = (await sha256Hex(new Uint8Array(content))) === sha256
  return isIntact ? succeed(content) : fail({ code: 'file_not_intact', file: name })
}
