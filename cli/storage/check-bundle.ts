// Whether a bundle is what its name says, and answers as it did when it was made: checked before anything
// of it is stored, so that a broken one never serves.
import { existsSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { bundleId, sha256Hex } from '../../features/hash.ts'
import { readerOf } from '../../features/heads/kinds.ts'
import { fileOf } from '../../features/manifest.ts'
import type { Manifest } from '../../features/manifest.ts'
import { parseManifest } from '../../features/manifest-schema.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { Runner } from '../../training/onnx/run.ts'
import { parseGolden } from './golden.ts'
import type { Golden } from './golden.ts'

/** How far raw outputs may be from the golden ones, relative to max(1, |x|). */
const OUTPUT_DIFFERENCE_MAX = 1e-4
/** How far answers may be, in the unit of their head. */
const ANSWER_DIFFERENCE_MAX = 1e-5

export interface CheckedBundle {
  readonly id: string
  readonly folder: string
  readonly manifest: Manifest
  readonly cardText: string
}

export type BundleFault =
  | { readonly code: 'missing_file'; readonly file: string }
  | { readonly code: 'invalid_manifest'; readonly message: string }
  | { readonly code: 'wrong_name'; readonly expected: string; readonly got: string }
  | { readonly code: 'wrong_size'; readonly file: string; readonly expected: number; readonly got: number }
  | { readonly code: 'wrong_hash'; readonly file: string }
  | { readonly code: 'invalid_model'; readonly message: string }
  | { readonly code: 'invalid_golden'; readonly message: string }
  | { readonly code: 'wrong_outputs'; readonly message: string }
  | { readonly code: 'golden_differs'; readonly task: string; readonly row: number }

export async function checkBundle(folder: string): Promise<Result<CheckedBundle, BundleFault>> {
  const manifestPath = join(folder, 'manifest.json')
  if (!existsSync(manifestPath)) return fail({ code: 'missing_file', file: 'manifest.json' })
  const manifestText = readFileSync(manifestPath, 'utf8')
  const parsed = parseManifest(manifestText)
  if (!parsed.ok) return fail({ code: 'invalid_manifest', message: parsed.reason })
  const manifest = parsed.value
  const [id, name] = [await bundleId(manifestText), basename(resolve(folder))]
  if (name !== id) return fail({ code: 'wrong_name', expected: id, got: name })
  const files = await readFiles(folder, manifest)
  if (!files.ok) return files
  const contentOf = (kind: 'model' | 'card' | 'golden'): Uint8Array<ArrayBuffer> =>
    files.value.get(fileOf(manifest, kind).name) ?? new Uint8Array()
  const golden = parseGolden(new TextDecoder().decode(contentOf('golden')), manifest)
  if (!golden.ok) return fail({ code: 'invalid_golden', message: golden.reason })
  const proven = await proveModel(contentOf('model'), { manifest, golden: golden.value })
  if (!proven.ok) return proven
  return succeed({ id, folder, manifest, cardText: new TextDecoder().decode(contentOf('card')) })
}

async function readFiles(
  folder: string,
  manifest: Manifest,
): Promise<Result<ReadonlyMap<string, Uint8Array<ArrayBuffer>>, BundleFault>> {
  const contents = new Map<string, Uint8Array<ArrayBuffer>>()
  for (const { name, bytes, sha256 } of manifest.files) {
    const path = join(folder, name)
    if (!existsSync(path)) return fail({ code: 'missing_file', file: name })
    const content = new Uint8Array(readFileSync(path))
    if (content.length !== bytes)
      return fail({ code: 'wrong_size', file: name, expected: bytes, got: content.length })
    if ((await sha256Hex(content)) !== sha256) return fail({ code: 'wrong_hash', file: name })
    contents.set(name, content)
  }
  return succeed(contents)
}

interface Proof {
  readonly manifest: Manifest
  readonly golden: Golden
}

/** Operators first: what does not end must not begin. */
async function proveModel(
  model: Uint8Array,
  { manifest, golden }: Proof,
): Promise<Result<null, BundleFault>> {
  let runner: Runner | undefined
  try {
    // Loaded here because ONNX Runtime takes a while, which most verbs need not wait.
    const { checkOperators } = await import('../../training/onnx/check.ts')
    const { createRunner } = await import('../../training/onnx/run.ts')
    checkOperators(model)
    runner = await createRunner(model, manifest.inputs)
    return compare(await runner.run(golden.inputs, golden.rows), { manifest, golden })
  } catch (error) {
    const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)
    return fail({ code: 'invalid_model', message })
  } finally {
    await runner?.release()
  }
}

function compare(
  outputs: Readonly<Record<string, Float32Array>>,
  { manifest, golden }: Proof,
): Result<null, BundleFault> {
  const tasks = manifest.heads.map(({ task }) => task)
  const surplus = Object.keys(outputs).filter((name) => !tasks.includes(name))
  if (surplus.length > 0)
    return fail({ code: 'wrong_outputs', message: `no task is named ${surplus.join(', ')}` })
  for (const head of manifest.heads) {
    const reader = readerOf(head)
    const got = outputs[head.task] ?? new Float32Array(0)
    const expected = golden.outputs[head.task] ?? []
    if (got.length !== golden.rows * reader.width) {
      const message = `${head.task} has ${got.length} numbers for ${golden.rows} rows, not ${golden.rows * reader.width}`
      return fail({ code: 'wrong_outputs', message })
    }
    for (let row = 0; row < golden.rows; row += 1) {
      const [left, right] = [got, expected].map((all) =>
        Array.from(all.slice(row * reader.width, (row + 1) * reader.width)),
      )
      const areClose =
        isWithin(left, right, (value) => OUTPUT_DIFFERENCE_MAX * Math.max(1, Math.abs(value))) &&
        isWithin(
          reader.numbers(left ?? []),
          reader.numbers(right ?? []),
          (value) => ANSWER_DIFFERENCE_MAX * reader.unit(value),
        )
      if (!areClose) return fail({ code: 'golden_differs', task: head.task, row })
    }
  }
  return succeed(null)
}

/** False also where a number is not finite. */
function isWithin(
  got: readonly number[] = [],
  expected: readonly number[] = [],
  differenceMax: (expected: number) => number,
): boolean {
  return expected.every(
    (value, place) =>
      Number.isFinite(value) && Math.abs((got[place] ?? Number.NaN) - value) <= differenceMax(value),
  )
}

/** The fault as the words after 'The bundle … is refused: '. */
export function describeBundleFault(fault: BundleFault): string {
  switch (fault.code) {
    case 'missing_file':
      return `${fault.file} is missing`
    case 'invalid_manifest':
    case 'invalid_golden':
      return fault.message
    case 'wrong_name':
      return `its manifest makes it ${fault.expected}, but it is named ${fault.got}: it was changed or renamed`
    case 'wrong_size':
      return `${fault.file} has ${fault.got} bytes, not ${fault.expected}`
    case 'wrong_hash':
      return `${fault.file} is not what the manifest lists: its hash differs`
    case 'invalid_model':
      return `its model cannot be run: ${fault.message}`
    case 'wrong_outputs':
      return `its model does not answer what the manifest lists: ${fault.message}`
    case 'golden_differs':
      return `its model does not answer as it did when it was made (${fault.task}, golden row ${fault.row})`
  }
}
