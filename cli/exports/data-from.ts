// The data of a verb that trains or measures: files of the user's, or what a running service has heard.
import { join } from 'node:path'
import { Option } from 'commander'
import type { Command } from 'commander'
import type { Project } from '../../features/project.ts'
import type { DataPath } from '../../training/data/files/data-path.ts'
import { projectPaths } from '../storage/paths.ts'
import { dataOption, dataPathOf } from '../terminal/data-option.ts'
import { CommandError } from '../terminal/failure.ts'
import { sayPlainly } from '../terminal/progress.ts'
import { serviceOf } from '../terminal/service-option.ts'
import { exportTo } from './export.ts'

export interface DataOptions {
  readonly data?: readonly string[]
  readonly from?: string
  readonly key?: string
}

/** Adds --data, and --from in its place. */
export function addDataOptions(command: Command): Command {
  return command
    .addOption(dataOption('file or folder').conflicts('from'))
    .addOption(new Option('--from <url>', 'of a running service: what it has heard is exported first'))
    .option(
      '--key <key>',
      'with --from: an API key with the scope admin (the environment variable PRESAGE_KEY)',
    )
}

/** The path to read. Throws CommandError where neither is given, or the export fails. */
export async function dataOf(project: Project, options: DataOptions): Promise<DataPath> {
  const { data, from, key } = options
  if (data !== undefined) return dataPathOf(data)
  if (from === undefined)
    throw new CommandError('No data: give --data PATH, or --from URL of a running service')
  const service = serviceOf({ url: from, ...(key !== undefined && { key }) })
  const folder = join(
    projectPaths(project.name).folder,
    'exports',
    new URL(service.url).host.replaceAll(':', '-'),
  )
  return (await exportTo({ project, service, folder, say: sayPlainly })).folder
}
