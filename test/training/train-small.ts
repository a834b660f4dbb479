// Small trainings into folders of their own.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { category, defineProject, nextEvent, number, occurs } from '../../features/project.ts'
import { train } from '../../training/train.ts'
import type { TrainRequest } from '../../training/train.ts'
import { buildLog } from './examples/build-log.ts'

/** The small shop with those of its tasks that few users suffice for. */
export const twoTasks = defineProject({
  name: 'two-tasks',
  events: { view: { item: true }, cart: { item: true }, purchase: { item: true, value: true } },
  user: { plan: category(), age: number() },
  tasks: { buysWithin2Days: occurs('purchase', { withinDays: 2 }), nextAction: nextEvent() },
})

/** A folder that goes with the test. */
export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'presage-train-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

/** Trains on some hundred examples, in WebAssembly unless told otherwise. */
export function trainSmall(options: Partial<TrainRequest> = {}): ReturnType<typeof train> {
  return train({
    project: twoTasks,
    data: buildLog({ userCount: 25, days: 20 }),
    family: 'pooled',
    seed: 3,
    backend: 'wasm',
    ...options,
    bundlesFolder: options.bundlesFolder ?? newFolder(),
  })
}
