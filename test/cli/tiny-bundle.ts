// A bundle of the shop that nobody trained: it answers, and is written at once.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { shopManifest } from '../functions/shop.ts'
import { tinyBundle } from '../functions/tiny-bundle.ts'
import type { TinyBundleOptions } from '../functions/tiny-bundle.ts'

/** Writes it into a folder named by its id, as training does; gives the folder. */
export async function writeTinyBundle(
  bundlesFolder: string,
  { project = 'shop', ...options }: TinyBundleOptions & { readonly project?: string } = {},
): Promise<string> {
  const card = options.card ?? `{"note":"it's; -- a \\"card\\""}`
  const { id, files } = await tinyBundle({ manifest: shopManifest({ project }), ...options, card })
  const folder = join(bundlesFolder, id)
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content)
  return folder
}
