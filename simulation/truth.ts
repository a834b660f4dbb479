// The true answers of a simulation, given what can be observed: by formula where there is one, else by
// trying many futures. No model can do better than these on average. What cannot be observed of a user is
// drawn or summed over: the events and the changes of attributes that are still to come. Of the world it
// is known what nobody in it could know: whether behaviour is going to drift, and which items will come.
import { attributesAt } from '../features/attributes.ts'
import type { Versions } from '../features/attributes.ts'
import { visibleHistory } from '../features/encode.ts'
import type { Event } from '../features/event.ts'
import type { Random } from '../features/random.ts'
import type { CountTask, OccursTask, Task, TotalTask } from '../features/project.ts'
import { BOT_ID } from './bot.ts'
import { drawNext } from './draw-next.ts'
import type { Law } from './law.ts'
import { silenceProbability } from './outlook.ts'
import { endOfSilence } from './silence.ts'
import { createTurns } from './turns.ts'
import { createWalk } from './walk.ts'
import type { Walk, WalkStep } from './walk.ts'

export interface TruthRequest {
  /** The law of the simulation that the history comes from. */
  readonly law: Law
  /** In any order; events after `atMs` are not looked at. */
  readonly history: readonly Event[]
  /** What was known of the user over time; versions after `atMs` are not looked at. */
  readonly user: Versions
  /** The moment asked about, Unix milliseconds. */
  readonly atMs: number
}

export interface NextEventRequest extends TruthRequest {
  /**
   * Given that the next event comes within this time. Examples whose next event lies beyond the end
   * of the data are left out, so the truth about the others is a truth under that condition.
   */
  readonly withinMs?: number
}

/**
 * The probability of each type to be the next, by formula; in the order of the project's types.
 * Throws where the history is empty: when a first visit comes is not part of the simulation's law. Throws
 * likewise where events arrive late, for what has happened is then not known, and for a machine.
 */
export function trueNextEvent({ withinMs = Infinity, ...request }: NextEventRequest): Record<string, number> {
  const { types: chances } = endOfSilence(request.law, present(request), withinMs)
  const whole = chances.reduce((sum, chance) => sum + chance, 0)
  const types = Object.keys(request.law.simulator.project.events)
  return Object.fromEntries(types.map((type, index) => [type, (chances[index] ?? 0) / whole]))
}

export interface TaskRequest extends TruthRequest {
  readonly task: Task
  readonly random: Random
  /** How many futures to try; not used where there is a formula. */
  readonly runs?: number
}

/**
 * The probability of yes, or the expected total or count. Throws as trueNextEvent does, and for tasks whose answer
 * is not one number.
 */
export function trueTask({ task, random, runs = 200, ...request }: TaskRequest): number {
  const { law } = request
  const walk = present(request)
  switch (task.kind) {
    case 'absent':
      return endOfSilence(law, walk, task.horizonMs).silence
    case 'occurs':
      return meanOfFutures({ law, walk, random, runs }, (future) => occurrence(task, future))
    case 'total':
    case 'count':
      return meanOfFutures({ law, walk, random, runs }, (future) => amount(task, future))
    case 'nextEvent':
    case 'label':
      throw new Error(`Expected a task with a horizon, got '${task.kind}'`)
  }
}

/** The user as they stand at the moment asked about. */
function present({ law, history, user, atMs }: TruthRequest): Walk {
  if (law.world.lateArrival) throw new Error('Expected a world whose events are known as they happen')
  // A clock that is ahead claims too much: nothing happens after it was received.
  const happened = history.map((event) => ({
    ...event,
    occurredAt: Math.min(event.occurredAt, event.receivedAt),
  }))
  const past = visibleHistory(happened, { atMs, lengthMax: Infinity })
  const latest = past.at(-1)
  if (latest === undefined) throw new Error('Expected a history of one event or more, got none')
  if (latest.userId === BOT_ID) throw new Error('Expected a user who keeps to the law, got a machine')
  const latestMs = latest.occurredAt
  const walk = createWalk(law, { attributes: attributesAt(user, latestMs), atMs: latestMs })
  for (const event of past) walk.follow(event)
  for (const { knownAt, attributes } of user) {
    if (knownAt <= latestMs || knownAt > atMs) continue
    walk.wait(knownAt)
    walk.become(attributes)
  }
  walk.wait(atMs)
  return walk
}

interface Future {
  readonly law: Law
  readonly walk: Walk
  readonly random: Random
}

function meanOfFutures(
  { runs, ...future }: Future & { readonly runs: number },
  measure: (future: Future) => number,
): number {
  const rewind = future.walk.mark()
  let sum = 0
  for (let run = 0; run < runs; run += 1) {
    sum += measure(future)
    rewind()
  }
  return sum / runs
}

/**
 * The probability that the event occurs along one drawn future. It is not drawn whether an event is of
 * the type: the chance that none is is multiplied up along a future in which none is. The mean over
 * futures is the same, with far less noise, and is never quite 0 or 1.
 */
function occurrence(task: OccursTask, { law, walk, random }: Future): number {
  const types = Object.keys(law.simulator.project.events)
  const wanted = types.indexOf(task.type)
  const untilMs = walk.nowMs + task.horizonMs
  const turns = createTurns(law, { walk, randomOf: () => random })
  let notYet = 1
  for (;;) {
    const { visit, away } = walk.outlook()
    const stopMs = Math.min(untilMs, turns.nextMs())
    const leftMs = stopMs - walk.nowMs
    const coming = [visit, away].map((way) => way.weight * -Math.expm1(-way.rate * leftMs))
    const others = [visit, away].map((way, index) => (coming[index] ?? 0) * (1 - (way.types[wanted] ?? 0)))
    const silence = silenceProbability(walk.outlook(), leftMs)
    notYet *= silence + (others[0] ?? 0) + (others[1] ?? 0)
    const chosen = random.pick([...others, silence])
    if (notYet === 0) return 1
    if (chosen === 2) {
      if (stopMs === untilMs) return 1 - notYet
      turns.wait(stopMs)
      continue
    }
    const way = chosen === 0 ? visit : away
    // An exponential gap, given that it ends within the time left.
    const uniform = random.next() * -Math.expm1(-way.rate * leftMs)
    const occurredAt = walk.nowMs + Math.max(1, Math.round(-Math.log1p(-uniform) / way.rate))
    if (occurredAt > untilMs) return 1 - notYet
    const weights = way.types.map((probability, type) => (type === wanted ? 0 : probability))
    const type = types[random.pick(weights)] ?? ''
    turns.wait(occurredAt)
    walk.step({ type, occurredAt, newVisit: chosen === 1 }, random)
  }
}

/** The total or the count along one drawn future. */
function amount(task: TotalTask | CountTask, { law, walk, random }: Future): number {
  const types = Object.keys(law.simulator.project.events)
  const untilMs = walk.nowMs + task.horizonMs
  const turns = createTurns(law, { walk, randomOf: () => random })
  let sum = 0
  for (;;) {
    const next = drawNext({ walk, turns, types, random, untilMs })
    if (next === undefined) return sum
    const step = walk.step(next, random)
    if (step.type === task.type) sum += task.kind === 'count' ? 1 : valueOf(step)
  }
}

/** What an event and the further lines of its moment come to. */
function valueOf({ value = 0, further = [] }: WalkStep): number {
  return further.reduce((sum, line) => sum + (line.value ?? 0), value)
}
