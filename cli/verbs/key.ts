// presage key create: a key for callers of the service.
import type { Command } from 'commander'
import { createKey, parseScopes } from '../storage/keys.ts'
import { findProject } from '../terminal/failure.ts'
import { addPlaceOptions, placeOf } from '../storage/place.ts'
import type { PlaceOptions } from '../storage/place.ts'
import { openStorage } from '../storage/open-storage.ts'

interface Options extends PlaceOptions {
  readonly scopes: string
  readonly project: string
  readonly json?: true
}

export function addKey(program: Command): void {
  const key = program.command('key').description('keys of callers')
  const create = key
    .command('create')
    .description('make a key and print it once; only its hash is kept')
    .requiredOption('--scopes <list>', 'of ingest, predict and admin, with commas between')
    .option('--project <name>', 'whose local state it is for', 'shop')
    .option('--json', 'print one line of JSON')
  addPlaceOptions(create).action(async (options: Options) => {
    const scopes = parseScopes(options.scopes)
    const storage = await openStorage(placeOf(findProject(options.project).name, options))
    try {
      const created = await createKey({ scopes, storage, nowMs: Date.now() })
      console.log(options.json ? JSON.stringify(created) : created.key)
    } finally {
      await storage.close()
    }
  })
}
