// The choice between the local state and the user's account, the same for every verb.
import { Option } from 'commander'
import type { Command } from 'commander'
import { projectPaths } from './paths.ts'
import type { Place } from '../processes/wrangler.ts'

export interface PlaceOptions {
  readonly remote?: boolean
}

export function addPlaceOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--local', 'into the local state of wrangler dev (the default)').conflicts('remote'),
    )
    .option('--remote', 'into your Cloudflare account')
}

export function placeOf(project: string, { remote }: PlaceOptions): Place {
  return remote === true ? { kind: 'remote' } : { kind: 'local', state: projectPaths(project).state }
}
