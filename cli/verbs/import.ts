// presage import: a log or table into D1.
import type { Command } from 'commander'
import { findProject } from '../terminal/failure.ts'
import { importData } from '../storage/import-data.ts'
import { openData, rowCountOf } from '../storage/open-data.ts'
import { addPlaceOptions, placeOf } from '../storage/place.ts'
import type { PlaceOptions } from '../storage/place.ts'
import { createProgress } from '../terminal/progress.ts'
import { openStorage } from '../storage/open-storage.ts'

interface Options extends PlaceOptions {
  readonly data: string
  readonly skipBadRows?: true
  readonly json?: true
}

export function addImport(program: Command): void {
  const command = program
    .command('import')
    .description('put events, users and items into D1; running it again changes nothing')
    .argument('<project>', 'name of the project')
    .requiredOption('--data <path>', 'file, or folder with events.* and optionally users.* and items.*')
    .option('--skip-bad-rows', 'leave bad rows out')
    .option('--json', 'end with one line of JSON')
  addPlaceOptions(command).action(async (name: string, options: Options) => {
    const project = findProject(name)
    const data = await openData({ project, path: options.data, skipBadRows: options.skipBadRows === true })
    const storage = await openStorage(placeOf(project.name, options))
    try {
      const progress = createProgress({ label: 'import', total: rowCountOf(data), unit: 'rows' })
      const startMs = performance.now()
      const { events, users, items } = await importData({
        data,
        storage,
        nowMs: Date.now(),
        onProgress: (count) => progress.advance(count),
      })
      progress.done()
      const skipped = data.skippedCount
      const seconds = (performance.now() - startMs) / 1000
      console.log(
        options.json
          ? JSON.stringify({ project: project.name, events, users, items, skipped, seconds })
          : `${events} events, ${users} users, ${items} items; ${skipped} rows skipped`,
      )
    } finally {
      data.close()
      await storage.close()
    }
  })
}
