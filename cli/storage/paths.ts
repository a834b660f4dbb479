// Where the command keeps what it makes: .presage/<project>/ in the folder of the package, or in the
// folder that the environment variable PRESAGE_HOME names.
import { join, resolve } from 'node:path'

/** The folder of the package: package.json, wrangler.toml and migrations lie here. */
export const rootFolder = join(import.meta.dirname, '../..')

export interface ProjectPaths {
  readonly folder: string
  /** Of the local D1 and R2, as wrangler keeps them. */
  readonly state: string
  /** One folder for each bundle, named by its id. */
  readonly bundles: string
  /** Simulated data. */
  readonly data: string
}

export function projectPaths(project: string): ProjectPaths {
  const folder = join(resolve(process.env['PRESAGE_HOME'] ?? join(rootFolder, '.presage')), project)
  return {
    folder,
    state: join(folder, 'state'),
    bundles: join(folder, 'bundles'),
    data: join(folder, 'data'),
  }
}
