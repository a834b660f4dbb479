import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bundleId, sha256Hex } from '../../features/hash.ts'
import { parseManifest } from '../../features/manifest-schema.ts'
import { FEATURE_VERSION } from '../../features/manifest.ts'
import { inputSpecs } from '../../features/encode.ts'
import { writeBundle } from '../../training/bundle.ts'
import type { BundleParts } from '../../training/bundle.ts'
import { buildCard, buildGolden, manifestParts } from './build-bundle.ts'
import { newFolder } from './train-small.ts'

function buildParts(overrides: Partial<BundleParts> = {}): BundleParts {
  return {
    model: new Uint8Array([8, 10, 1, 2, 3]),
    manifest: manifestParts,
    card: buildCard(),
    golden: buildGolden(),
    ...overrides,
  }
}

describe('writeBundle', () => {
  it('writes the manifest and the files it lists into a folder named by the hash of the manifest', async () => {
    const bundlesFolder = join(newFolder(), 'bundles', 'small-shop')
    const parts = buildParts()
    const { id, folder } = await writeBundle(bundlesFolder, parts)
    expect(folder).toBe(join(bundlesFolder, id))
    expect(readdirSync(bundlesFolder)).toEqual([id])
    expect(readdirSync(folder).toSorted()).toEqual([
      'card.json',
      'golden.json',
      'manifest.json',
      'model.onnx',
    ])
    const manifestText = readFileSync(join(folder, 'manifest.json'), 'utf8')
    expect(await bundleId(manifestText)).toBe(id)
    const parsed = parseManifest(manifestText)
    if (!parsed.ok) throw new Error(parsed.reason)
    const { files, ...manifest } = parsed.value
    const inputs = inputSpecs(manifestParts.features)
    expect(manifest).toEqual({ featureVersion: FEATURE_VERSION, inputs, ...manifestParts })
    expect(files.map(({ name, kind }) => [name, kind])).toEqual([
      ['model.onnx', 'model'],
      ['card.json', 'card'],
      ['golden.json', 'golden'],
    ])
    for (const { name, bytes, sha256 } of files) {
      const content = new Uint8Array(readFileSync(join(folder, name)))
      expect([content.length, await sha256Hex(content)]).toEqual([bytes, sha256])
    }
    expect(new Uint8Array(readFileSync(join(folder, 'model.onnx')))).toEqual(parts.model)
    expect(JSON.parse(readFileSync(join(folder, 'card.json'), 'utf8'))).toEqual(buildCard())
  })

  it('keeps golden inputs and outputs to the last bit', async () => {
    const parts = buildParts()
    const { folder } = await writeBundle(newFolder(), parts)
    const golden = JSON.parse(readFileSync(join(folder, 'golden.json'), 'utf8'))
    expect(golden.rows).toBe(parts.golden.examples.count)
    expect(Object.keys(golden.inputs)).toEqual(inputSpecs(manifestParts.features).map(({ name }) => name))
    for (const [name, values] of Object.entries(parts.golden.examples.inputs)) {
      expect(golden.inputs[name]).toEqual(Array.from(values))
    }
    for (const [task, values] of Object.entries(parts.golden.outputs)) {
      expect(Float32Array.from(golden.outputs[task])).toEqual(values)
    }
  })

  it('gives another id when any of its files differs', async () => {
    const bundlesFolder = newFolder()
    const changes: Partial<BundleParts>[] = [
      {},
      { model: new Uint8Array([8, 10, 1, 2, 4]) },
      { manifest: { ...manifestParts, family: 'softmax' } },
      { card: buildCard({ seed: 2 }) },
      { golden: buildGolden({ task: 'spend', place: 0, value: 0.5 }) },
    ]
    for (const change of changes) await writeBundle(bundlesFolder, buildParts(change))
    expect(readdirSync(bundlesFolder).length).toBe(changes.length)
  })

  it('mends a bundle of the same name that was damaged', async () => {
    const bundlesFolder = newFolder()
    const { id, folder } = await writeBundle(bundlesFolder, buildParts())
    writeFileSync(join(folder, 'model.onnx'), 'damaged')
    expect(await writeBundle(bundlesFolder, buildParts())).toEqual({ id, folder })
    expect(readdirSync(bundlesFolder)).toEqual([id])
    expect(new Uint8Array(readFileSync(join(folder, 'model.onnx')))).toEqual(buildParts().model)
  })

  it('leaves nothing behind where it cannot finish', async () => {
    const bundlesFolder = newFolder()
    const { golden } = buildParts()
    const outputs = {
      ...golden.outputs,
      get spend(): Float32Array {
        throw new Error('no more memory')
      },
    }
    const writing = writeBundle(bundlesFolder, buildParts({ golden: { ...golden, outputs } }))
    await expect(writing).rejects.toThrow('no more memory')
    expect(readdirSync(bundlesFolder)).toEqual([])
  })

  it('writes nothing that a service would refuse', async () => {
    const bundlesFolder = newFolder()
    const [first, ...others] = manifestParts.heads
    const heads = [{ ...first, prior: [Number.NaN, 0.5] }, ...others] as typeof manifestParts.heads
    const writing = writeBundle(bundlesFolder, buildParts({ manifest: { ...manifestParts, heads } }))
    await expect(writing).rejects.toThrow('Expected a manifest that can be read, got manifest.json: heads.0')
    expect(readdirSync(bundlesFolder)).toEqual([])
  })

  it('names the file that lies where a folder is to be made', async () => {
    const file = join(newFolder(), 'a-file')
    writeFileSync(file, '')
    await expect(writeBundle(join(file, 'bundles'), buildParts())).rejects.toThrow(
      `file already exists, mkdir '${file}'`,
    )
    expect(existsSync(join(file, 'bundles'))).toBe(false)
  })
})
