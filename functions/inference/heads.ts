// The heads of a bundle without its model: what its logged answers meant.
import { bundleId } from '../../features/hash.ts'
import type { Head } from '../../features/heads/head.ts'
import { parseManifest } from '../../features/manifest-schema.ts'
import { readManifestText } from './bundle-files.ts'
import type { BundleSource } from './bundle-files.ts'

/** None where the bundle is gone or not what it is named for. Rejects when R2 does not answer. */
export async function readHeads(source: BundleSource): Promise<readonly Head[]> {
  const text = await readManifestText(source)
  if (text === undefined || (await bundleId(text)) !== source.id) return []
  const parsed = parseManifest(text)
  return parsed.ok ? parsed.value.heads : []
}
