// Whether a bundle is what its name says, and answers as it did when it was made: checked before anything
// of it is stored, so that a broken one never serves.
import { existsSync, readFileSync } from 'node:fs'
import { basename, join, resolve } from 'node:path'
import { differingTask, parseGoldenRows } from '../../features/golden.ts'
import type { GoldenRows } from '../../features/golden.ts'
import { bundleId, sha256Hex } from '../../features/hash.ts'
import { headWidth } from '../../features/heads/kinds.ts'
import { fileOf } from '../../features/manifest.ts'
import type { Manifest } from '../../features/manifest.ts'
import { parseManifest } from '../../features/manifest-schema.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { Runner } from '../../training/onnx/run.ts'

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
  | {
      readonly code: 'golden_differs'
      readonly task: string
      readonly row: number
      readonly got: readonly number[]
      readonly expected: readonly number[]
    }

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
  const golden = parseGoldenRows(new TextDecoder().decode(contentOf('golden')), manifest)
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
  readonly golden: GoldenRows
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
  const { heads } = manifest
  for (const head of heads) {
    const [length, wanted] = [outputs[head.task]?.length ?? 0, golden.rows * headWidth(head)]
    if (length === wanted) continue
    const message = `${head.task} has ${length} numbers for ${golden.rows} rows, not ${wanted}`
    return fail({ code: 'wrong_outputs', message })
  }
  for (let row = 0; row < golden.rows; row += 1) {
    const got = Object.fromEntries(
      heads.map((head) => {
        const width = headWidth(head)
        return [head.task, outputs[head.task]?.subarray(row * width, (row + 1) * width) ?? []]
      }),
    )
    const task = differingTask(golden, { heads, row, got })
    if (task === undefined) continue
    const output = Array.from(got[task] ?? [])
    const place = row * output.length
    const expected = (golden.outputs[task] ?? []).slice(place, place + output.length)
    return fail({ code: 'golden_differs', task, row, got: output, expected })
  }
  return succeed(null)
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
      return `its manifest makes it ${fault.expected}, but it is named ${fault.got}: it was changed or renamed, or is a model from elsewhere, of which check-bundle --seal makes a bundle`
    case 'wrong_size':
      return `${fault.file} has ${fault.got} bytes, not ${fault.expected}`
    case 'wrong_hash':
      return `${fault.file} is not what the manifest lists: its hash differs`
    case 'invalid_model':
      return `its model cannot be run: ${fault.message}`
    case 'wrong_outputs':
      return `its model does not answer what the manifest lists: ${fault.message}`
    case 'golden_differs':
      return `its model does not answer as it did when it was made (${fault.task}, golden row ${fault.row}: ${shown(fault.got)}, not ${shown(fault.expected)})`
  }
}

/** The first few of raw outputs. */
function shown(numbers: readonly number[]): string {
  const first = numbers.slice(0, 4).map((value) => value.toPrecision(6))
  return [...first, ...(numbers.length > 4 ? ['…'] : [])].join(' ')
}
