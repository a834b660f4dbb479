// target: the answer to a task, once it is known. It looks ahead only. Training makes targets with it;
// the running service learns with the same function how its predictions turned out.
import type { Event } from './event.ts'
import { longestHorizonMs } from './project.ts'
import type { Project, Task } from './project.ts'

export interface TargetRequest {
  /** The moment asked about, Unix milliseconds. */
  readonly at: number
  /** The user's events, in order; those at or before `at` are not looked at. */
  readonly events: readonly Event[]
  /** Everything that occurred up to this moment is known. */
  readonly knownUntilMs: number
}

/** Names of the classes a task chooses from; none for a total. */
export function classesOf(project: Project, task: Task): readonly string[] {
  switch (task.kind) {
    case 'occurs':
    case 'absent':
      return ['no', 'yes']
    case 'nextEvent':
      return Object.keys(project.events)
    case 'label':
      return task.values
    case 'total':
      return []
  }
}

/**
 * The index of the class that came true, or the amount of a total; null while it is not yet known,
 * which for a horizon is until it has wholly passed: an early yes would count yeses alone. A next event
 * likewise waits for the project's longest horizon and must come within it: else what counts as next
 * would change with how long one has watched.
 */
export function target(project: Project, task: Task, request: TargetRequest): number | null {
  const { at, events, knownUntilMs } = request
  if (task.kind === 'label') return null
  if (task.kind === 'nextEvent') {
    const horizonMs = longestHorizonMs(project)
    const endMs = horizonMs === 0 ? knownUntilMs : at + horizonMs
    if (endMs > knownUntilMs) return null
    const next = events.find((event) => event.occurredAt > at)
    if (next === undefined || next.occurredAt > endMs) return null
    const index = classesOf(project, task).indexOf(next.type)
    return index < 0 ? null : index
  }
  const endMs = at + task.horizonMs
  if (endMs > knownUntilMs) return null
  const ahead = events.filter((event) => event.occurredAt > at && event.occurredAt <= endMs)
  switch (task.kind) {
    case 'occurs':
      return ahead.some((event) => event.type === task.type) ? 1 : 0
    case 'absent':
      return ahead.length === 0 ? 1 : 0
    case 'total':
      return ahead
        .filter((event) => event.type === task.type)
        .reduce((sum, event) => sum + (event.value ?? 0), 0)
  }
}
