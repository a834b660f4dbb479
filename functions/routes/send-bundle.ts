// PUT /v1/bundles/{id}/{file} and POST /v1/bundles/{id}: a trainer brings a bundle, its manifest first, then the
// files that the manifest lists; once they are whole and the model has proven itself here, it is published. Until
// then nothing finds it. Each may be done again, and changes nothing the second time.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { bundleId, sha256Hex } from '../../features/hash.ts'
import { listedCard } from '../../features/listed-card.ts'
import { parseManifest } from '../../features/manifest-schema.ts'
import { fileOf } from '../../features/manifest.ts'
import type { Manifest } from '../../features/manifest.ts'
import type { Project } from '../../features/project.ts'
import type { AppEnv } from '../app-env.ts'
import { connect } from '../db/client.ts'
import { storeBundle } from '../db/deployments.ts'
import { readManifestText } from '../inference/bundle-files.ts'
import { BUNDLE_BYTES_MAX, proveBundle } from '../inference/bundle.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { ProblemError } from '../middleware/problem.ts'
import { readBytes } from '../middleware/read-body.ts'
import { bundleIdSchema, fileNameSchema } from './bundle-file.ts'
import { KEY_STATUSES, problemResponses } from './problem-schema.ts'

/** A Worker has 128 MB, and hashes a file whole. */
export const FILE_BYTES_MAX = BUNDLE_BYTES_MAX

/** Bodies of these requests are bytes, which their route reads. */
export function isBundleFile(method: string, path: string): boolean {
  return method === 'PUT' && path.startsWith('/v1/bundles/')
}

export interface SendBundleOptions {
  readonly project: Project
  readonly authenticate: Authenticate
}

export function registerSendBundle(
  app: OpenAPIHono<AppEnv>,
  { project, authenticate }: SendBundleOptions,
): void {
  app.openapi(fileRoute(authenticate), async (c) => {
    const { id, file } = c.req.valid('param')
    const bytes = await readBytes(c.req.raw, FILE_BYTES_MAX)
    if (file === 'manifest.json') await assertManifest(bytes, { id, project })
    else await assertListed(bytes, { file, manifest: await storedManifest(c, id) })
    await c.env.BUNDLES.put(`bundles/${id}/${file}`, bytes)
    return c.json({ file, bytes: bytes.length }, 200)
  })
  app.openapi(publishRoute(authenticate), async (c) => {
    const { id } = c.req.valid('param')
    const manifest = await storedManifest(c, id)
    // Not by the bundles in memory, which keep for a while that one was broken: the rest may have come since.
    const proven = await proveBundle({ bucket: c.env.BUNDLES, id, project })
    if (!proven.ok) throw refused(proven.reason)
    const card = await c.env.BUNDLES.get(`bundles/${id}/${fileOf(manifest, 'card').name}`)
    await storeBundle(connect(c.env.DB), {
      id,
      project: manifest.project,
      family: manifest.family,
      card: listedCard((await card?.text()) ?? ''),
      createdAt: c.get('clock')(),
    })
    return c.json({ id, family: manifest.family }, 200)
  })
}

/** Throws ProblemError bundle_refused where the text is no manifest of this id and project. */
async function assertManifest(
  bytes: Uint8Array,
  { id, project }: { readonly id: string; readonly project: Project },
): Promise<void> {
  const text = decode(bytes)
  const actual = await bundleId(text)
  if (actual !== id) throw refused(`the manifest that was sent is of bundle ${actual}, not of ${id}`)
  const manifest = readManifest(text)
  if (manifest.project !== project.name)
    throw refused(`it is of project '${manifest.project}', and this service is of '${project.name}'`)
}

/** Throws ProblemError bundle_refused where the manifest lists no such file, or another. */
async function assertListed(
  bytes: Uint8Array<ArrayBuffer>,
  { file, manifest }: { readonly file: string; readonly manifest: Manifest },
): Promise<void> {
  const listed = manifest.files.find(({ name }) => name === file)
  if (listed === undefined) throw refused(`its manifest lists no file ${file}`)
  if (bytes.length !== listed.bytes)
    throw refused(`${file} has ${bytes.length} bytes, and its manifest says ${listed.bytes}`)
  if ((await sha256Hex(bytes)) !== listed.sha256) throw refused(`${file} has another hash than listed`)
}

/** Throws ProblemError where none was sent, or another version of the code sent it. */
async function storedManifest(c: Context<AppEnv>, id: string): Promise<Manifest> {
  const text = await readManifestText({ bucket: c.env.BUNDLES, id })
  if (text === undefined) throw refused('send its manifest.json first')
  return readManifest(text)
}

/** Throws ProblemError where it is no UTF-8; a mark of the byte order stays, so that the text is what is stored. */
function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new ProblemError('malformed_text')
  }
}

function readManifest(text: string): Manifest {
  const manifest = parseManifest(text)
  if (!manifest.ok) throw refused(manifest.reason)
  return manifest.value
}

function refused(why: string): ProblemError {
  return new ProblemError('bundle_refused', { detail: `The bundle is refused: ${why}` })
}

function fileRoute(authenticate: Authenticate) {
  return createRoute({
    method: 'put',
    path: '/v1/bundles/{id}/{file}',
    summary: 'Send a file of a bundle',
    description:
      `Scope: admin. \`manifest.json\` first, then the files that it lists, each at most ${FILE_BYTES_MAX} bytes. ` +
      'Held against the hash in the manifest, whose own hash is the id.',
    security: [{ key: [] }],
    middleware: [authenticate('admin')] as const,
    request: { params: z.object({ id: bundleIdSchema, file: fileNameSchema }) },
    responses: {
      200: {
        description: 'The file is stored',
        content: { 'application/json': { schema: z.object({ file: z.string(), bytes: z.number() }) } },
      },
      ...problemResponses([400, 409, 413, 422, ...KEY_STATUSES]),
    },
  })
}

function publishRoute(authenticate: Authenticate) {
  return createRoute({
    method: 'post',
    path: '/v1/bundles/{id}',
    summary: 'Publish a bundle that was sent whole',
    description:
      'Scope: admin. Its model is opened and asked its golden rows here first. It answers nobody yet: POST ' +
      '/v1/deployments gives it a role.',
    security: [{ key: [] }],
    middleware: [authenticate('admin')] as const,
    request: { params: z.object({ id: bundleIdSchema }) },
    responses: {
      200: {
        description: 'It is published',
        content: { 'application/json': { schema: z.object({ id: z.string(), family: z.string() }) } },
      },
      ...problemResponses([409, 422, ...KEY_STATUSES]),
    },
  })
}
