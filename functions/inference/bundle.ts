// Loading a bundle from R2: verified by the hash that names it, its model opened, its encoder made.
import { createEncoder } from '../../features/encode.ts'
import type { Encoder } from '../../features/encode.ts'
import { bundleId } from '../../features/hash.ts'
import { manifestSchema } from '../../features/manifest.ts'
import type { Manifest } from '../../features/manifest.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import { bootRuntime, openSession } from './runtime.ts'
import type { ModelSession } from './runtime.ts'

/** A bundle in memory. Where its model cannot be used, `session` is absent and the prior answers. */
export interface LoadedBundle {
  readonly id: string
  readonly manifest: Manifest
  readonly encode: Encoder
  readonly session: ModelSession | undefined
}

/**
 * Why a bundle can answer nothing at all, not even its prior. Files that are not those the bundle is
 * named for (`not_intact`) are not believed in anything: the manifest, which holds the prior, is one.
 */
export type BundleFault = 'not_intact' | 'manifest_unreadable' | 'other_project'

export interface BundleSource {
  readonly bucket: R2Bucket
  readonly id: string
  readonly projectName: string
}

/** Rejects when R2 does not answer; a bundle that is broken is a Result, since asking again is no use. */
export async function loadBundle(source: BundleSource): Promise<Result<LoadedBundle, BundleFault>> {
  const [model, manifestText, cardText] = await Promise.all([
    readFile(source, 'model.onnx').then(async (file) => file?.bytes()),
    readFile(source, 'manifest.json').then(async (file) => file?.text()),
    readFile(source, 'card.json').then(async (file) => file?.text()),
    // Meanwhile; openSession waits for it, and meets its failure.
    bootRuntime().catch(() => undefined),
  ])
  if (model === undefined || manifestText === undefined || cardText === undefined) return fail('not_intact')
  const content = { model: new Uint8Array(model), manifestText, cardText }
  if ((await bundleId(content)) !== source.id) return fail('not_intact')
  const manifest = parseManifest(manifestText)
  if (manifest === undefined) return fail('manifest_unreadable')
  if (manifest.project !== source.projectName) return fail('other_project')

  return succeed({
    id: source.id,
    manifest,
    encode: createEncoder(manifest.features),
    session: await openModel(source.id, { model: content.model, manifest }),
  })
}

function readFile({ bucket, id }: BundleSource, name: string): Promise<R2ObjectBody | null> {
  return bucket.get(`bundles/${id}/${name}`)
}

function parseManifest(text: string): Manifest | undefined {
  try {
    return manifestSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

async function openModel(
  id: string,
  { model, manifest }: { readonly model: Uint8Array; readonly manifest: Manifest },
): Promise<ModelSession | undefined> {
  try {
    return await openSession(model, manifest.inputs)
  } catch (error) {
    console.error(`Bundle ${id}: its model cannot be opened`, error)
    return undefined
  }
}
