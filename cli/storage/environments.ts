// A project's environment in wrangler.toml: its own Worker, database and bucket in the user's account. The
// top of the file serves local runs of every project; nothing remote is done without an environment.
import { join } from 'node:path'
import { CommandError } from '../terminal/failure.ts'
import { rootFolder } from './paths.ts'
import type { Place } from './place.ts'

/** The database id that stands where none has been made yet. */
export const DATABASE_ID_PLACEHOLDER = '00000000-0000-0000-0000-000000000000'

/** Of the Worker, as wrangler.toml has them. */
export type Variables = Readonly<Record<string, unknown>>

export interface Environment {
  readonly variables: Variables
  readonly databaseName: string
  readonly databaseId: string
  readonly bucket: string
}

interface Bindings {
  readonly vars?: Variables
  readonly d1_databases?: readonly {
    readonly binding?: string
    readonly database_name?: string
    readonly database_id?: string
  }[]
  readonly r2_buckets?: readonly { readonly binding?: string; readonly bucket_name?: string }[]
}

export function wranglerTomlPath(): string {
  return join(rootFolder, 'wrangler.toml')
}

/** The environment of a project as it stands in the file; undefined where it has none. */
export async function readEnvironment(project: string): Promise<Environment | undefined> {
  const config = await readConfig()
  const bindings = config.env?.[project]
  if (bindings === undefined) return undefined
  const database = bindings.d1_databases?.find(({ binding }) => binding === 'DB')
  const bucket = bindings.r2_buckets?.find(({ binding }) => binding === 'BUNDLES')?.bucket_name
  const where = `wrangler.toml: [env.${project}]`
  if (bindings.vars?.['PROJECT'] !== project)
    throw new CommandError(`${where} needs the variable PROJECT = "${project}"`)
  if (database?.database_name === undefined || bucket === undefined)
    throw new CommandError(`${where} needs a database DB and a bucket BUNDLES`)
  return {
    variables: bindings.vars,
    databaseName: database.database_name,
    databaseId: database.database_id ?? DATABASE_ID_PLACEHOLDER,
    bucket,
  }
}

/** The environment to use. Throws CommandError where it is absent or its database was never made. */
export async function environmentOf(project: string): Promise<Environment> {
  const environment = await readEnvironment(project)
  const remedy = `presage deploy ${project} --create makes it`
  if (environment === undefined)
    throw new CommandError(`wrangler.toml has no [env.${project}], so nothing remote is touched: ${remedy}`)
  if (environment.databaseId === DATABASE_ID_PLACEHOLDER)
    throw new CommandError(
      `wrangler.toml: [env.${project}] names no database of yours yet, so nothing remote is touched: ${remedy}`,
    )
  return environment
}

/** The bucket of bundles at a place. */
export async function bucketOf(place: Place): Promise<string> {
  if (place.kind === 'remote') return (await environmentOf(place.project)).bucket
  const { r2_buckets: buckets } = await readConfig()
  const name = buckets?.find(({ binding }) => binding === 'BUNDLES')?.bucket_name
  if (name === undefined) throw new CommandError('wrangler.toml names no bucket for the binding BUNDLES')
  return name
}

async function readConfig(): Promise<Bindings & { readonly env?: Readonly<Record<string, Bindings>> }> {
  const { experimental_readRawConfig: readRawConfig } = await import('wrangler')
  return readRawConfig({ config: wranglerTomlPath() }, { hideWarnings: true }).rawConfig as Bindings & {
    readonly env?: Readonly<Record<string, Bindings>>
  }
}
