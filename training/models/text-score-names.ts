// What texts say of the tasks stands among the numbers that come to a family, under these names.
import type { Head } from '../../features/heads/head.ts'
import { headWidth } from '../../features/heads/kinds.ts'
import type { Features } from '../../features/manifest.ts'

/** What the score that is added to this output of a task is called among the numbers. */
export function textScoreName(task: string, output: number): string {
  return `text:${task}:${output}`
}

/** Where the score of each output of a head stands among the numbers; −1 where there is none. */
export function textScorePlaces({ historyNumbers }: Features, head: Head): number[] {
  return Array.from({ length: headWidth(head) }, (_, output) =>
    historyNumbers.findIndex(({ name }) => name === textScoreName(head.task, output)),
  )
}

export function hasTextScores({ historyNumbers }: Features): boolean {
  return historyNumbers.some(({ name }) => name.startsWith('text:'))
}
