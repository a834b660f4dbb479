// The data of a verb that trains or measures: files of the user's, or what a running service has heard.
import { join } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import type { Project } from '../../features/project.ts'
import type { DataPath } from '../../training/data/files/data-path.ts'
import { projectPaths } from '../storage/paths.ts'
import { dataOption, dataPathOf } from '../terminal/data-option.ts'
import { sayPlainly } from '../terminal/progress.ts'
import { serviceOf } from '../terminal/service-option.ts'
import { exportTo } from './export.ts'
import { ownFolder } from './own-folder.ts'

export interface DataOptions {
  readonly data?: readonly string[]
  readonly from?: string
  readonly key?: string
}

/** Adds --data, and --from in its place; one of them must be given. */
export function addDataOptions(command: Command): Command {
  return command
    .addOption(dataOption('file or folder').conflicts('from'))
    .addOption(new Option('--from <url>', 'of a running service: what it has heard is exported first'))
    .option(
      '--key <key>',
      'with --from: an API key with the scope admin (the environment variable PRESAGE_KEY)',
    )
    .hook('preAction', (_program, verb) => {
      const { data, from } = verb.opts<DataOptions>()
      if (data === undefined && from === undefined)
        verb.error("error: required option '--data <path>' not specified, nor --from a running service")
    })
}

/** The path to read. Throws CommandError where the export fails. */
export async function dataOf(project: Project, options: DataOptions): Promise<DataPath> {
  const { data, from, key } = options
  if (from === undefined) return dataPathOf(data ?? [])
  const service = serviceOf({ url: from, ...(key !== undefined && { key }) })
  const exportsFolder = join(projectPaths(project.name).folder, 'exports')
  const folder = ownFolder(exportsFolder, new URL(service.url).host.replaceAll(':', '-'))
  return (await exportTo({ project, service, folder, say: sayPlainly })).folder
}
