// presage key: makes, lists and revokes keys for callers of the service.
import type { Command } from 'commander'
import { findProjectFile, PROJECT_HELP } from '../projects/project-file.ts'
import { DAY_MS } from '../../features/project.ts'
import { createKey, listKeys, parseScopes, revokeKey } from '../storage/keys.ts'
import type { ListedKey } from '../storage/keys.ts'
import { withStorage } from '../storage/open-storage.ts'
import { addPlaceOptions, placeOf } from '../storage/place.ts'
import type { PlaceOptions } from '../storage/place.ts'
import { parseCount } from '../terminal/numbers.ts'
import { dayOf, tableOf } from '../terminal/table.ts'

interface Options extends PlaceOptions {
  readonly project: string
  readonly json?: true
}

interface CreateOptions extends Options {
  readonly scopes: string
  readonly name?: string
  readonly expiresInDays?: number
}

export function addKey(program: Command): void {
  const key = program.command('key').description('keys of callers')
  addOptions(key.command('create').description('make a key and print it once; only its hash is kept'))
    .requiredOption('--scopes <list>', 'of ingest, predict and admin, with commas between')
    .option('--name <text>', 'what it is for, shown by key list')
    .option('--expires-in-days <count>', 'refuse it from then on', parseCount)
    .action(create)
  addOptions(key.command('list').description('show all keys, without what opens anything')).action(list)
  addOptions(key.command('revoke').description('refuse a key from now on, within a minute'))
    .argument('<id>', 'of the key, as key list shows it')
    .action(revoke)
}

function addOptions(command: Command): Command {
  return addPlaceOptions(
    command.option('--project <project>', PROJECT_HELP, 'shop').option('--json', 'print one line of JSON'),
  )
}

async function create(options: CreateOptions): Promise<void> {
  const scopes = parseScopes(options.scopes)
  const { name, expiresInDays } = options
  const nowMs = Date.now()
  const created = await withStorage(
    placeOf(findProjectFile(options.project).name, options),
    options,
    (storage) =>
      createKey({
        scopes,
        storage,
        nowMs,
        ...(name !== undefined && { name }),
        ...(expiresInDays !== undefined && { expiresAtMs: nowMs + expiresInDays * DAY_MS }),
      }),
  )
  // The key alone on stdout, for scripts; its id beside it, by which it is revoked.
  if (!options.json) process.stderr.write(`${created.id} (${scopes.join(', ')}), shown this once:\n`)
  console.log(options.json ? JSON.stringify(created) : created.key)
}

async function list(options: Options): Promise<void> {
  const project = findProjectFile(options.project).name
  const keys = await withStorage(placeOf(project, options), options, listKeys)
  const nowMs = Date.now()
  const head = ['id', 'name', 'scopes', 'created', 'state']
  const rows = keys.map((key) => [
    key.id,
    key.name,
    key.scopes.join(','),
    dayOf(key.createdAt),
    stateOf(key, nowMs),
  ])
  console.log(options.json ? JSON.stringify({ project, keys }) : tableOf(head, rows))
}

function stateOf({ revokedAt, expiresAt }: ListedKey, nowMs: number): string {
  if (revokedAt !== null) return `revoked ${dayOf(revokedAt)}`
  if (expiresAt === null) return 'valid'
  return `${expiresAt <= nowMs ? 'expired' : 'valid until'} ${dayOf(expiresAt)}`
}

async function revoke(id: string, options: Options): Promise<void> {
  const place = placeOf(findProjectFile(options.project).name, options)
  const nowMs = Date.now()
  const revokedAt = await withStorage(place, options, (storage) => revokeKey({ id, storage, nowMs }))
  console.log(options.json ? JSON.stringify({ id, revokedAt }) : `Revoked ${id} ${dayOf(revokedAt)}`)
}
