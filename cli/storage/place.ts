// Where a verb's effect goes: the local state of a set of data, or the project's environment in the
// user's Cloudflare account. Which one is chosen in the same way for every verb.
import { Option } from 'commander'
import type { Command } from 'commander'
import { currentSet, setPaths } from './paths.ts'

export type Place = LocalPlace | RemotePlace

export interface LocalPlace {
  readonly kind: 'local'
  /** The folder that wrangler calls --persist-to. */
  readonly state: string
}

export interface RemotePlace {
  readonly kind: 'remote'
  /** Also the name of its environment in wrangler.toml. */
  readonly project: string
}

export interface PlaceOptions {
  readonly remote?: boolean
  readonly migrate?: boolean
}

export function addPlaceOptions(command: Command): Command {
  return command
    .addOption(
      new Option('--local', 'into the local state of wrangler dev (the default)').conflicts('remote'),
    )
    .option('--remote', "into the project's environment of wrangler.toml, in your Cloudflare account")
    .option('--migrate', 'with --remote: apply missing migrations first')
}

export function placeOf(project: string, { remote }: PlaceOptions): Place {
  return remote === true
    ? { kind: 'remote', project }
    : { kind: 'local', state: setPaths(project, currentSet(project)).state }
}

/** The options that lead wrangler to a place. Locally the top of wrangler.toml holds for all projects. */
export function placeArgs(place: Place): string[] {
  return place.kind === 'remote'
    ? ['--env', place.project, '--remote']
    : ['--env=', '--local', '--persist-to', place.state]
}
