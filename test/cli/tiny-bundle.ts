// A bundle of the shop that nobody trained: it answers, and is written at once.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { shopManifest } from '../functions/shop.ts'
import { tinyModel } from '../functions/tiny-model.ts'

export function writeTinyBundle(folder: string): void {
  const manifest = shopManifest({ project: 'shop' })
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'model.onnx'), tinyModel(manifest))
  writeFileSync(join(folder, 'manifest.json'), JSON.stringify(manifest))
  writeFileSync(join(folder, 'card.json'), `{"note":"it's; -- a \\"card\\""}`)
}
