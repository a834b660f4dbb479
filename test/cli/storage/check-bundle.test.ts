// What is refused before it is published, on bundles in folders, with the real ONNX Runtime.
import { mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onnx } from 'onnx-proto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkBundle, describeBundleFault } from '../../../cli/storage/check-bundle.ts'
import type { BundleFault } from '../../../cli/storage/check-bundle.ts'
import { shopManifest } from '../../functions/shop.ts'
import { goldenText } from '../../functions/tiny-bundle.ts'
import { tinyModel } from '../../functions/tiny-model.ts'
import { writeTinyBundle } from '../tiny-bundle.ts'

const manifest = shopManifest({ project: 'shop' })

function bundlesFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** The tiny model, changed; it stays one that can be read. */
function model(change: (model: onnx.ModelProto) => void): Uint8Array<ArrayBuffer> {
  const decoded = onnx.ModelProto.decode(tinyModel(manifest))
  change(decoded)
  return Uint8Array.from(onnx.ModelProto.encode(decoded).finish())
}

function edit(file: string, change: (content: Buffer) => Buffer | string) {
  return (folder: string): string => {
    writeFileSync(join(folder, file), change(readFileSync(join(folder, file))))
    return folder
  }
}

function flipBits(content: Buffer): Buffer {
  for (let at = 100; at < content.length; at += 97) content[at] = (content[at] ?? 0) ^ 1
  return content
}

function weightsOf(proto: onnx.ModelProto): { floatData?: number[] | null | undefined }[] {
  return proto.graph?.initializer ?? []
}

function doubleFirstWeights(proto: onnx.ModelProto): void {
  const [first] = weightsOf(proto)
  if (first !== undefined) first.floatData = (first.floatData ?? []).map((weight) => 2 * weight)
}

describe('checkBundle', () => {
  it('takes a bundle that is whole and answers as it did', async () => {
    const folder = await writeTinyBundle(bundlesFolder())
    expect(await checkBundle(folder)).toMatchObject({
      ok: true,
      value: { folder, manifest: { project: 'shop' } },
    })
  })

  const changed: [string, (folder: string) => string, BundleFault['code'], string][] = [
    ['a model with flipped bits', edit('model.onnx', flipBits), 'wrong_hash', 'model.onnx'],
    [
      'a card that was edited',
      edit('card.json', (text) => text.toString().replace('note', 'nota')),
      'wrong_hash',
      'card',
    ],
    [
      'a file that was cut short',
      edit('golden.json', (text) => text.subarray(1)),
      'wrong_size',
      'golden.json',
    ],
    [
      'a manifest that was edited',
      edit('manifest.json', (text) => text.toString().replace('1.2', '1.3')),
      'wrong_name',
      'changed or renamed',
    ],
    [
      'a folder without a manifest',
      (folder) => (rmSync(join(folder, 'manifest.json')), folder),
      'missing_file',
      'manifest.json is missing',
    ],
    [
      'a folder without a model',
      (folder) => (rmSync(join(folder, 'model.onnx')), folder),
      'missing_file',
      'model.onnx is missing',
    ],
    [
      'another name',
      (folder) => (renameSync(folder, `${folder}-copy`), `${folder}-copy`),
      'wrong_name',
      '-copy',
    ],
  ]
  it.each(changed)('refuses %s', async (_name, change, code, words) => {
    const checked = await checkBundle(change(await writeTinyBundle(bundlesFolder())))
    expect(checked).toMatchObject({ ok: false, reason: { code } })
    if (!checked.ok) expect(describeBundleFault(checked.reason)).toContain(words)
  })

  const made: [string, Parameters<typeof writeTinyBundle>[1], BundleFault['code'], string][] = [
    [
      'a model whose weights are others',
      { model: model(doubleFirstWeights) },
      'golden_differs',
      'buysWithin7Days, golden row 0: ',
    ],
    [
      'a model that gives no numbers',
      { model: tinyModel(manifest, { nan: true }) },
      'golden_differs',
      'golden row 0',
    ],
    ['a model that is none', { model: new Uint8Array([1, 2, 3]) }, 'invalid_model', 'cannot be run'],
    [
      'a model without an output',
      { model: model((proto) => proto.graph?.output?.pop()) },
      'wrong_outputs',
      'spend28Days has 0 numbers',
    ],
    [
      'a model with an output more',
      { model: model(renameOutput) },
      'wrong_outputs',
      'no task is named surplus',
    ],
    ['a model with an input more', { model: model(addInput) }, 'invalid_model', 'surplus'],
    [
      'operators that are not standard',
      { model: model(setDomain) },
      'invalid_model',
      'com.example.Add, which is not among',
    ],
    [
      'golden rows that do not fit',
      { golden: goldenText(manifest).replace('"rows":8', '"rows":9') },
      'invalid_golden',
      'does not fit',
    ],
    ['golden rows that are none', { golden: '[]' }, 'invalid_golden', 'not a JSON object'],
    [
      'a temperature of 0',
      { edit: (text) => text.replace('"temperature":1.2', '"temperature":0') },
      'invalid_manifest',
      'temperature',
    ],
    [
      'a sequence of 2^31 events',
      { edit: (text) => text.replace('"sequenceLength":8', '"sequenceLength":2147483648') },
      'invalid_manifest',
      'sequenceLength',
    ],
  ]
  it.each(made)('refuses a bundle with %s, whatever its name', async (_name, options, code, words) => {
    const checked = await checkBundle(await writeTinyBundle(bundlesFolder(), options))
    expect(checked).toMatchObject({ ok: false, reason: { code } })
    if (!checked.ok) expect(describeBundleFault(checked.reason)).toContain(words)
  })
})

function renameOutput(proto: onnx.ModelProto): void {
  const node = proto.graph?.node?.at(-1)
  const output = proto.graph?.output?.at(-1)
  if (node !== undefined) node.output = ['surplus']
  if (output !== undefined && output !== null) output.name = 'surplus'
}

function addInput(proto: onnx.ModelProto): void {
  const first = proto.graph?.input?.[0]
  if (first !== undefined) proto.graph?.input?.push({ ...first, name: 'surplus' })
}

function setDomain(proto: onnx.ModelProto): void {
  const node = proto.graph?.node?.at(-1)
  if (node !== undefined) node.domain = 'com.example'
}
