// Makes a project's database and bucket in the user's account, and notes them in wrangler.toml. What is
// there already is taken, by its name.
import { readFileSync } from 'node:fs'
import { ENCODER_BINDINGS } from '../../features/encoder.ts'
import { madeVectors } from '../../features/made-vectors.ts'
import type { Project } from '../../features/project.ts'
import { jsonOf, runWrangler } from '../processes/wrangler.ts'
import { CommandError } from '../terminal/failure.ts'
import { DATABASE_ID_PLACEHOLDER, readEnvironment, wranglerTomlPath } from './environments.ts'
import { writeWhole } from './write-whole.ts'

/** Gives what it made, in words; nothing where all was there. */
export async function createMissing(declared: Project): Promise<string[]> {
  const project = declared.name
  const made: string[] = []
  if ((await readEnvironment(project)) === undefined) {
    writeToml(`${readToml().trimEnd()}\n${environmentToml(declared)}`)
    made.push(`[env.${project}] in wrangler.toml`)
  }
  const environment = await readEnvironment(project)
  if (environment === undefined) throw new Error(`Expected [env.${project}] in wrangler.toml, got none`)
  const { databaseName, databaseId, bucket } = environment
  if (databaseId === DATABASE_ID_PLACEHOLDER) {
    let id = await findDatabase(databaseName)
    if (id === undefined) {
      await runWrangler(['d1', 'create', databaseName])
      made.push(`database ${databaseName}`)
      id = await findDatabase(databaseName)
    }
    if (id === undefined) throw new CommandError(`The account does not list the database ${databaseName}`)
    writeToml(withDatabaseId(readToml(), { project, id }))
  }
  if (!(await listBuckets()).includes(bucket)) {
    await runWrangler(['r2', 'bucket', 'create', bucket])
    made.push(`bucket ${bucket}`)
  }
  return made
}

/** The part of wrangler.toml that a project has for itself. */
export function environmentToml({ name: project, user, item }: Project): string {
  const bindings = [user, item].flatMap((declared) =>
    madeVectors(declared).map(({ encoder }) => ENCODER_BINDINGS[encoder.kind]),
  )
  const ai = bindings.includes('AI') ? `\n[env.${project}.ai]\nbinding = "AI"\n` : ''
  return `
[env.${project}.vars]
PROJECT = "${project}"
TRAINING = "on"
TRAINING_WAKE = "none"

[[env.${project}.d1_databases]]
binding = "DB"
database_name = "presage-${project}"
database_id = "${DATABASE_ID_PLACEHOLDER}"
migrations_dir = "migrations"

[[env.${project}.r2_buckets]]
binding = "BUNDLES"
bucket_name = "presage-${project}-bundles"
${ai}`
}

/** The text of wrangler.toml with this id for the project's database; all else as it was. */
export function withDatabaseId(
  toml: string,
  { project, id }: { readonly project: string; readonly id: string },
): string {
  const head = `[[env.${project}.d1_databases]]`
  const start = toml.indexOf(head)
  const end = toml.indexOf('\n[', start + head.length)
  const block = start < 0 ? '' : toml.slice(start, end < 0 ? undefined : end)
  const changed = block.replace(/^(\s*database_id\s*=\s*)"[^"]*"/m, `$1"${id}"`)
  if (!changed.includes(`"${id}"`))
    throw new CommandError(`wrangler.toml: write database_id = "${id}" into ${head}`)
  return toml.slice(0, start) + changed + toml.slice(start + block.length)
}

interface ListedDatabase {
  readonly name: string
  readonly uuid: string
}

async function findDatabase(name: string): Promise<string | undefined> {
  const databases = jsonOf(await runWrangler(['d1', 'list', '--json'])) as readonly ListedDatabase[]
  return databases.find((database) => database.name === name)?.uuid
}

async function listBuckets(): Promise<string[]> {
  const listed = await runWrangler(['r2', 'bucket', 'list'])
  return Array.from(listed.matchAll(/^name:\s+(\S+)$/gm), ([, name]) => name ?? '')
}

function readToml(): string {
  return readFileSync(wranglerTomlPath(), 'utf8')
}

function writeToml(text: string): void {
  // Replaced as a whole: a wrangler dev that runs beside reads it at every change, and ends at half of it.
  writeWhole(wranglerTomlPath(), text)
}
