// Writes a simulated log as a folder of NDJSON files, whole or not at all. Users and items have a line a
// version, with the moment since when it was known.
import { createWriteStream, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Versions } from '../../features/attributes.ts'
import { HOUR_MS } from '../../features/project.ts'
import { simulate, simulatorByName } from '../../simulation/index.ts'
import type { World } from '../../simulation/index.ts'
import { CommandError } from '../terminal/failure.ts'
import { makeFolder } from '../../training/make-folder.ts'

export interface SimulateRequest {
  readonly project: string
  readonly seed: number
  readonly userCount?: number | undefined
  readonly days?: number | undefined
  /** Switches that differ from the simulator's own. */
  readonly world?: Partial<World> | undefined
  /** The log ends at the hour before. */
  readonly nowMs: number
  /** Replaced where it exists. */
  readonly folder: string
}

/** Throws CommandError where the project has no simulator. */
export async function writeSimulation(
  request: SimulateRequest,
): Promise<{ events: number; users: number; items: number }> {
  const simulator = Object.hasOwn(simulatorByName, request.project)
    ? simulatorByName[request.project]
    : undefined
  if (simulator === undefined) {
    const names = Object.keys(simulatorByName).join(', ')
    throw new CommandError(
      `Project '${request.project}' has no simulator: give --data PATH; simulated are ${names}`,
    )
  }
  const { users, items, events } = simulate({
    ...request,
    endMs: Math.floor(request.nowMs / HOUR_MS) * HOUR_MS,
    simulator,
  })
  const unfinished = `${request.folder}.${process.pid}.unfinished`
  makeFolder(unfinished)
  try {
    await writeLines(join(unfinished, 'events.ndjson'), events)
    await writeLines(join(unfinished, 'users.ndjson'), users.flatMap(linesOf))
    await writeLines(join(unfinished, 'items.ndjson'), items.flatMap(linesOf))
    makeFolder(dirname(request.folder))
    rmSync(request.folder, { recursive: true, force: true })
    renameSync(unfinished, request.folder)
  } finally {
    rmSync(unfinished, { recursive: true, force: true })
  }
  return { events: events.length, users: users.length, items: items.length }
}

function linesOf({ id, versions }: { readonly id: string; readonly versions: Versions }): unknown[] {
  return versions.map(({ knownAt, attributes }) => ({ id, knownAt, ...attributes }))
}

async function writeLines(path: string, rows: readonly unknown[]): Promise<void> {
  function* lines(): Generator<string> {
    for (const row of rows) yield `${JSON.stringify(row)}\n`
  }
  await pipeline(Readable.from(lines()), createWriteStream(path))
}
