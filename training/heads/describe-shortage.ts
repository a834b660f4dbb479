// What is said of an outcome too rare to be learned.
import type { TaskShortage } from './create-heads.ts'

export function describeShortage({ task, outcome, count, known, needed }: TaskShortage): string {
  return `Task '${task}': '${outcome}' came true in ${count} of ${known} training examples; at least ${needed} are needed`
}
