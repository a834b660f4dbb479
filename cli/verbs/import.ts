// presage import: a log or table into D1.
import type { Command } from 'commander'
import { loadProject } from '../projects/load-project.ts'
import { PROJECT_HELP } from '../projects/project-file.ts'
import { importNoted } from '../storage/import-noted.ts'
import { describeConflicts, importData } from '../storage/import.ts'
import type { Imported } from '../storage/import.ts'
import { openData, rowCountOf } from '../storage/open-data.ts'
import { withStorage } from '../storage/open-storage.ts'
import { currentSet, setPaths } from '../storage/paths.ts'
import { addPlaceOptions, placeOf } from '../storage/place.ts'
import type { PlaceOptions } from '../storage/place.ts'
import { dataOption, dataPathOf } from '../terminal/data-option.ts'
import { skippedRows } from '../../training/data/report/report.ts'
import { createProgress, sayPlainly } from '../terminal/progress.ts'

interface Options extends PlaceOptions {
  readonly data: readonly string[]
  readonly skipBadRows?: true
  readonly json?: true
}

export function addImport(program: Command): void {
  const command = program
    .command('import')
    .description(
      'put events, users, items and labels into D1, or bring what is there up to date; removes nothing',
    )
    .argument('<project>', PROJECT_HELP)
    .addOption(
      dataOption(
        'file, or folder with events.* and optionally users.*, items.* and questions.*',
      ).makeOptionMandatory(),
    )
    .option('--skip-bad-rows', 'leave bad rows out')
    .option('--json', 'end with one line of JSON')
  addPlaceOptions(command).action(importCommand)
}

async function importCommand(name: string, options: Options): Promise<void> {
  const { project } = await loadProject(name)
  const place = placeOf(project.name, options)
  const data = await openData({
    project,
    path: dataPathOf(options.data),
    skipBadRows: options.skipBadRows === true,
    say: sayPlainly,
  })
  try {
    const { folder } = setPaths(project.name, currentSet(project.name))
    const progress = createProgress({ label: 'import', total: rowCountOf(data), unit: 'rows' })
    const startMs = performance.now()
    const { events, users, items, labels, stored, known } = await withStorage(place, options, (storage) => {
      const onProgress = (count: number): void => progress.advance(count)
      const request = { data, storage, nowMs: Date.now(), onProgress }
      return place.kind === 'local' ? importNoted(folder, request) : importData(request)
    })
    progress.done()
    const skipped = skippedRows(data.report)
    const seconds = (performance.now() - startMs) / 1000
    const { repeated, conflicting } = known
    const counts = { events, users, items, labels, stored, repeated, conflicting, skipped }
    console.log(
      options.json
        ? JSON.stringify({ project: project.name, ...counts, seconds, data: data.report })
        : describeImport(counts),
    )
  } finally {
    data.close()
  }
}

type Counts = Pick<Imported, 'events' | 'users' | 'items' | 'labels' | 'stored'> &
  Imported['known'] & { readonly skipped: number }

function describeImport(counts: Counts): string {
  const { events, users, items, labels, stored, repeated, conflicting, skipped } = counts
  return [
    `${events} events, ${users} users, ${items} items, ${labels} labels; ${skipped} rows skipped`,
    `new or changed: ${stored.events} events, ${stored.users} users, ${stored.items} items, ${stored.labels} labels`,
    ...(repeated === 0 ? [] : [`${repeated} events were stored before`]),
    ...(conflicting === 0 ? [] : [describeConflicts(conflicting)]),
  ].join('; ')
}
