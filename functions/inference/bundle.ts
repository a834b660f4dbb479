// A bundle in memory: read from R2, held against the hashes that name it, its model opened and asked its
// golden rows. It answers by its model only where those come out.
import { priorAnswers } from '../../features/decode.ts'
import { createEncoder } from '../../features/encode.ts'
import type { Encoder } from '../../features/encode.ts'
import { parseGoldenRows } from '../../features/golden.ts'
import { bundleId } from '../../features/hash.ts'
import { parseManifest } from '../../features/manifest-schema.ts'
import { fileOf } from '../../features/manifest.ts'
import type { Manifest } from '../../features/manifest.ts'
import type { Project } from '../../features/project.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import { supportCells } from '../../features/support.ts'
import type { SupportCells } from '../../features/support.ts'
import { describeFault } from './bundle-error.ts'
import type { BundleFault, ModelFault } from './bundle-error.ts'
import { readFiles, readManifestText } from './bundle-files.ts'
import type { BundleSource } from './bundle-files.ts'
import { assertAnswers } from './check-answers.ts'
import { findControlFlow } from './control-flow.ts'
import { checkGoldenRows } from './golden-rows.ts'
import { declarationFault } from './declaration.ts'
import { bootRuntime, openSession } from './runtime.ts'
import type { ModelSession } from './runtime.ts'
import { unansweredTasks } from './unanswered.ts'
import type { UnansweredReason } from './unanswered.ts'

export interface LoadedBundle {
  readonly id: string
  /** With the heads that answer what the project asks, and no others. */
  readonly manifest: Manifest
  readonly encode: Encoder
  /** How much is known of what was encoded (features/support.ts). */
  readonly supportCellOf: SupportCells['cellOf']
  /** Where the model cannot be asked, the prior answers. */
  readonly model: Result<ModelSession, ModelFault>
  /** The tasks of the project that are not answered. */
  readonly unanswered: ReadonlyMap<string, UnansweredReason>
  /** Of its model and manifest: about what it takes in memory. */
  readonly bytes: number
}

/** What all bundles in memory together may take: models take a few megabytes, a Worker has 128 of which the runtime takes 30. */
export const BUNDLE_BYTES_MAX = 32_000_000

export interface LoadRequest extends BundleSource {
  readonly project: Project
}

/** Rejects when R2 does not answer; a bundle that is broken is a Result, since asking again is no use. */
export async function loadBundle(request: LoadRequest): Promise<Result<LoadedBundle, BundleFault>> {
  // Meanwhile; openSession waits for it, and meets its failure.
  const [text] = await Promise.all([readManifestText(request), bootRuntime().catch(() => undefined)])
  const read = await checkManifest(text, request)
  if (!read.ok) {
    console.error(`Bundle ${request.id}: ${describeFault(read.reason)}`)
    return read
  }
  const { manifest, unanswered, bytes } = read.value
  const model = await openModel(manifest, request)
  if (!model.ok) console.error(`Bundle ${request.id}: ${describeFault(model.reason)}`)
  return succeed({
    id: request.id,
    manifest: { ...manifest, heads: manifest.heads.filter(({ task }) => isAnswered(task)) },
    encode: createEncoder(manifest.features),
    supportCellOf: supportCells(manifest.features).cellOf,
    model,
    unanswered,
    bytes: bytes + fileOf(manifest, 'model').bytes,
  })

  function isAnswered(task: string): boolean {
    return Object.hasOwn(request.project.tasks, task) && !unanswered.has(task)
  }
}

/** Why a bundle does not answer by its model; undefined where it does. */
export function faultOf(loaded: Result<LoadedBundle, BundleFault>): BundleFault | ModelFault | undefined {
  if (!loaded.ok) return loaded.reason
  return loaded.value.model.ok ? undefined : loaded.value.model.reason
}

/** Why a bundle may not serve, in one line; undefined where it may. */
export function describeRefusal(loaded: Result<LoadedBundle, BundleFault>): string | undefined {
  const fault = faultOf(loaded)
  if (fault !== undefined) return describeFault(fault)
  const bytes = loaded.ok ? loaded.value.bytes : 0
  return bytes > BUNDLE_BYTES_MAX
    ? `it takes ${bytes} bytes, and all bundles in memory together have ${BUNDLE_BYTES_MAX}`
    : undefined
}

/** The manifest of a bundle that may serve, loaded for this alone, or why it may not. Rejects as loadBundle. */
export async function proveBundle(request: LoadRequest): Promise<Result<Manifest, string>> {
  const loaded = await loadBundle(request)
  const refusal = describeRefusal(loaded)
  if (loaded.ok && loaded.value.model.ok) await loaded.value.model.value.release().catch(() => undefined)
  return loaded.ok && refusal === undefined
    ? succeed(loaded.value.manifest)
    : fail(refusal ?? 'it cannot answer')
}

interface ReadManifest {
  readonly manifest: Manifest
  readonly unanswered: ReadonlyMap<string, UnansweredReason>
  readonly bytes: number
}

async function checkManifest(
  text: string | undefined,
  { id, project }: LoadRequest,
): Promise<Result<ReadManifest, BundleFault>> {
  if (text === undefined) return fail({ code: 'manifest_missing' })
  if ((await bundleId(text)) !== id) return fail({ code: 'manifest_not_intact' })
  const parsed = parseManifest(text)
  if (!parsed.ok) return fail({ code: 'manifest_unreadable', detail: parsed.reason })
  const manifest = parsed.value
  if (manifest.project !== project.name) return fail({ code: 'other_project', project: manifest.project })
  const detail = unusablePrior(manifest)
  if (detail !== undefined) return fail({ code: 'manifest_unreadable', detail })
  const unanswered = unansweredTasks(project, manifest)
  if (unanswered.size === Object.keys(project.tasks).length) return fail({ code: 'every_task_changed' })
  return succeed({ manifest, unanswered, bytes: text.length })
}

/** What is wrong with the answers of the prior, if anything is: they must stand alone. */
function unusablePrior(manifest: Manifest): string | undefined {
  try {
    for (const population of ['everyone', 'newcomer'] as const) {
      assertAnswers(manifest.heads, priorAnswers(manifest, population))
    }
    return undefined
  } catch (error) {
    return `manifest.json: its prior: ${error instanceof Error ? error.message : 'unusable'}`
  }
}

/** Opens the model and proves it. Rejects only when R2 does not answer. */
async function openModel(
  manifest: Manifest,
  source: BundleSource,
): Promise<Result<ModelSession, ModelFault>> {
  const files = await readFiles(manifest, source)
  if (!files.ok) return files
  const golden = parseGoldenRows(new TextDecoder().decode(files.value.golden), manifest)
  if (!golden.ok) return fail({ code: 'golden_unreadable', detail: golden.reason })
  const opened = await openChecked(files.value.model, manifest)
  if (!opened.ok) return opened
  const session = opened.value
  const fault = await checkGoldenRows(golden.value, { manifest, session }).catch((): ModelFault => ({
    code: 'model_unreadable',
  }))
  if (fault === undefined) return opened
  await session.release().catch(() => undefined)
  return fail(fault)
}

async function openChecked(model: Uint8Array, manifest: Manifest): Promise<Result<ModelSession, ModelFault>> {
  try {
    const operator = findControlFlow(model)
    if (operator !== undefined) return fail({ code: 'control_flow', operator })
    const session = await openSession(model, manifest.inputs)
    const fault = declarationFault(session, manifest)
    if (fault === undefined) return succeed(session)
    await session.release().catch(() => undefined)
    return fail(fault)
  } catch {
    return fail({ code: 'model_unreadable' })
  }
}
