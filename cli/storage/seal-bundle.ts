// Makes a bundle of a model that was trained elsewhere: the maker's manifest gets the list of files by their
// hashes, and the folder the name that follows from it (docs/bring-your-own-model.md).
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { bundleId, sha256Hex } from '../../features/hash.ts'
import type { BundleFile, FileKind } from '../../features/manifest.ts'
import { CommandError } from '../terminal/failure.ts'
import { makeFolder } from '../../training/make-folder.ts'
import { checkBundle, describeBundleFault } from './check-bundle.ts'

/** The files that the maker gives, by their fixed names. */
const FILES: readonly { readonly name: string; readonly kind: FileKind }[] = [
  { name: 'model.onnx', kind: 'model' },
  { name: 'card.json', kind: 'card' },
  { name: 'golden.json', kind: 'golden' },
]

/**
 * Copies what the maker wrote into a folder of bundles, sealed; gives the new folder. Nothing of the maker's
 * is changed. Throws CommandError where it is no bundle that may serve, of which nothing stays: it would be
 * the one made last, which verbs take unless told.
 */
export async function sealBundle(
  maker: string,
  bundlesFolderOf: (project: string) => string,
): Promise<string> {
  const manifest = readJson(maker)
  const contents = FILES.map(({ name, kind }) => ({ name, kind, content: readOf(maker, name) }))
  const files: BundleFile[] = await Promise.all(
    contents.map(async ({ name, kind, content }) => ({
      name,
      kind,
      bytes: content.length,
      sha256: await sha256Hex(content),
    })),
  )
  const text = `${JSON.stringify({ ...manifest, files })}\n`
  const id = await bundleId(text)
  const folder = join(bundlesFolderOf(String(manifest['project'])), id)
  const draft = `${folder}.draft-${process.pid}`
  // Named as it will be, which is part of what is checked.
  const sealed = join(draft, id)
  makeFolder(sealed)
  try {
    writeFileSync(join(sealed, 'manifest.json'), text)
    for (const { name, content } of contents) writeFileSync(join(sealed, name), content)
    const checked = await checkBundle(sealed)
    if (!checked.ok)
      throw new CommandError(`The bundle in ${maker} is refused: ${describeBundleFault(checked.reason)}`)
    assertNothingPassedOver(join(maker, 'manifest.json'), manifest, checked.value.manifest)
    rmSync(folder, { recursive: true, force: true })
    renameSync(sealed, folder)
  } finally {
    rmSync(draft, { recursive: true, force: true })
  }
  return folder
}

/** Throws CommandError where the maker says what nobody reads: a misspelt key would go without a word. */
function assertNothingPassedOver(path: string, given: unknown, taken: unknown): void {
  const key = surplusKey(given, taken)
  if (key === undefined) return
  throw new CommandError(
    `${path}: nothing is known of '${key}': is it misspelt, or of another place? features/manifest.ts has all that there is`,
  )
}

/** The path of the first member that only the former has. */
function surplusKey(given: unknown, taken: unknown): string | undefined {
  if (typeof given !== 'object' || given === null || typeof taken !== 'object' || taken === null) {
    return undefined
  }
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(taken, name)) return name
    const within = surplusKey(value, (taken as Readonly<Record<string, unknown>>)[name])
    if (within !== undefined) return `${name}.${within}`
  }
  return undefined
}

function readOf(folder: string, name: string): Uint8Array<ArrayBuffer> {
  const path = join(folder, name)
  if (!existsSync(path)) {
    throw new CommandError(`${path} is missing: docs/bring-your-own-model.md says what belongs there`)
  }
  return new Uint8Array(readFileSync(path))
}

function readJson(folder: string): Readonly<Record<string, unknown>> {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder().decode(readOf(folder, 'manifest.json')))
  } catch (error) {
    if (error instanceof CommandError) throw error
    throw new CommandError(`${join(folder, 'manifest.json')} is not JSON`)
  }
  if (typeof json === 'object' && json !== null && !Array.isArray(json)) {
    return json as Readonly<Record<string, unknown>>
  }
  throw new CommandError(`${join(folder, 'manifest.json')} holds no JSON object`)
}
