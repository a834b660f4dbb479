// presage bundles: what was published, and which plays which role.
import type { Command } from 'commander'
import { findProjectFile, PROJECT_HELP } from '../projects/project-file.ts'
import { withStorage } from '../storage/open-storage.ts'
import { addPlaceOptions, placeOf } from '../storage/place.ts'
import type { PlaceOptions } from '../storage/place.ts'
import { listBundles } from '../storage/publish.ts'
import type { ListedBundle } from '../storage/publish.ts'
import { dayOf, tableOf } from '../terminal/table.ts'

interface Options extends PlaceOptions {
  readonly json?: true
}

export function addBundles(program: Command): void {
  const command = program
    .command('bundles')
    .description('list published bundles: what each does now, and when and why it played a role')
    .argument('<project>', PROJECT_HELP)
    .option('--json', 'print one line of JSON')
  addPlaceOptions(command).action(async (name: string, options: Options) => {
    const project = findProjectFile(name).name
    const bundles = await withStorage(placeOf(project, options), options, listBundles)
    const head = ['id', 'family', 'created', 'role', 'served']
    const rows = bundles.map((bundle) => [
      bundle.id,
      bundle.family,
      dayOf(bundle.createdAt),
      roleOf(bundle),
      servedOf(bundle),
    ])
    console.log(options.json ? JSON.stringify({ project, bundles }) : tableOf(head, rows))
  })
}

function roleOf({ role, percent }: ListedBundle): string {
  return percent === null ? (role ?? '') : `${role} ${percent} %`
}

function servedOf({ served }: ListedBundle): string {
  return served
    .map(
      ({ role, from, until, note }) =>
        `${role === 'champion' ? '' : `${role} `}${dayOf(from)} to ${until === null ? 'now' : dayOf(until)}${note === '' ? '' : ` (${note})`}`,
    )
    .join(', ')
}
