// target: the answer to a task, once it is known. It looks ahead only. Training makes targets with it;
// the running service learns with the same function how its predictions turned out.
import type { Event } from './event.ts'
import type { Project, Task } from './project.ts'

export interface TargetRequest {
  /** The moment asked about, Unix milliseconds. */
  readonly atMs: number
  /** The user's events, in order; those at or before `atMs` are not looked at. */
  readonly events: readonly Event[]
  /** Everything that occurred up to this moment is known. */
  readonly knownUntilMs: number
}

/** Names of the classes a task chooses from; none for an amount. */
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
    case 'count':
      return []
  }
}

/**
 * The index of the class that came true, or the amount of a total or a count; null while it is not yet known,
 * which for a horizon is until it has wholly passed: an early yes would count yeses alone. A next event
 * likewise waits for its horizon and must come within it: else what counts as next would change with how
 * long one has watched. A label is told by a row, not by events: null.
 */
export function target(project: Project, task: Task, request: TargetRequest): number | null {
  if (task.kind === 'label') return null
  const { atMs, events, knownUntilMs } = request
  const endMs = task.horizonMs === null ? knownUntilMs : atMs + task.horizonMs
  if (endMs > knownUntilMs) return null
  const from = firstAfter(events, atMs)
  const until = firstAfter(events, endMs)
  switch (task.kind) {
    case 'nextEvent': {
      const next = from < until ? events[from] : undefined
      const index = next === undefined ? -1 : classesOf(project, task).indexOf(next.type)
      return index < 0 ? null : index
    }
    case 'occurs':
      return someBetween(events, { from, until, type: task.type }) ? 1 : 0
    case 'absent':
      return from === until ? 1 : 0
    case 'total':
      return totalBetween(events, { from, until, type: task.type })
    case 'count':
      return momentsBetween(events, { from, until, type: task.type })
  }
}

/** The place of the first event that occurred after a moment, by bisection: a history may be very long. */
function firstAfter(events: readonly Event[], ms: number): number {
  let [low, high] = [0, events.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((events[middle]?.occurredAt ?? Infinity) <= ms) low = middle + 1
    else high = middle
  }
  return low
}

interface Stretch {
  readonly from: number
  readonly until: number
  readonly type: string
}

function someBetween(events: readonly Event[], { from, until, type }: Stretch): boolean {
  for (let place = from; place < until; place += 1) if (events[place]?.type === type) return true
  return false
}

function totalBetween(events: readonly Event[], { from, until, type }: Stretch): number {
  let sum = 0
  for (let place = from; place < until; place += 1) {
    const event = events[place]
    if (event?.type === type) sum += event.value ?? 0
  }
  return sum
}

function momentsBetween(events: readonly Event[], { from, until, type }: Stretch): number {
  let moments = 0
  let latestMs = Number.NaN
  for (let place = from; place < until; place += 1) {
    const event = events[place]
    if (event?.type !== type || event.occurredAt === latestMs) continue
    latestMs = event.occurredAt
    moments += 1
  }
  return moments
}
