// The true answers of a simulation, given what can be observed: by formula where there is one, else by
// trying many futures. No model can do better than these on average.
import { visibleHistory } from '../features/encode.ts'
import type { Attributes, Event } from '../features/event.ts'
import type { Random } from '../features/random.ts'
import type { AbsentTask, OccursTask, Task, TotalTask } from '../features/project.ts'
import { createCatalogue } from './catalogue.ts'
import type { Simulator } from './domain.ts'
import { afterSilence, drawGap, nextTypeProbabilities, silenceProbability } from './outlook.ts'
import type { Outlook } from './outlook.ts'
import { createWalk } from './walk.ts'
import type { Walk } from './walk.ts'

export interface TruthRequest {
  readonly simulator: Simulator
  /** In any order; events after `atMs` are not looked at. */
  readonly history: readonly Event[]
  readonly attributes: Attributes
  readonly items: ReadonlyMap<string, Attributes>
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
 * Throws where the history is empty: when a first visit comes is not part of the simulation's law.
 */
export function trueNextEvent({ withinMs = Infinity, ...request }: NextEventRequest): Record<string, number> {
  const probabilities = nextTypeProbabilities(present(request).outlook, withinMs)
  const types = Object.keys(request.simulator.project.events)
  return Object.fromEntries(types.map((type, index) => [type, probabilities[index] ?? 0]))
}

export interface TaskRequest extends TruthRequest {
  readonly task: Task
  readonly random: Random
  /** How many futures to try; not used where there is a formula. */
  readonly runs?: number
}

/**
 * The probability of yes, or the expected total. Throws where the history is empty and for tasks
 * whose answer is not one number.
 */
export function trueTask({ task, random, runs = 200, ...request }: TaskRequest): number {
  const { walk, outlook } = present(request)
  switch (task.kind) {
    case 'absent':
      return absence(task, outlook)
    case 'occurs':
    case 'total': {
      const rewind = walk.mark()
      let sum = 0
      for (let run = 0; run < runs; run += 1) {
        const future = { simulator: request.simulator, walk, outlook, random, atMs: request.atMs }
        sum += task.kind === 'occurs' ? occurrence(task, future) : amount(task, future)
        rewind()
      }
      return sum / runs
    }
    case 'nextEvent':
    case 'label':
      throw new Error(`Expected a task with a horizon, got '${task.kind}'`)
  }
}

/** The user as they stand at the moment asked about. */
function present({ simulator, history, attributes, items, atMs }: TruthRequest): {
  readonly walk: Walk
  readonly outlook: Outlook
} {
  const walk = createWalk(simulator, { attributes, catalogue: createCatalogue(simulator, items) })
  const past = visibleHistory(history, { at: atMs, lengthMax: Infinity })
  for (const event of past) walk.follow(event)
  const latest = past.at(-1)
  if (latest === undefined) throw new Error('Expected a history of one event or more, got none')
  return { walk, outlook: afterSilence(walk.outlook(), atMs - latest.occurredAt) }
}

function absence(task: AbsentTask, outlook: Outlook): number {
  return silenceProbability(outlook, task.horizonMs)
}

interface Future {
  readonly simulator: Simulator
  readonly walk: Walk
  readonly outlook: Outlook
  readonly random: Random
  readonly atMs: number
}

/**
 * The probability that the event occurs along one drawn future. It is not drawn whether an event is of
 * the type: the chance that none is is multiplied up along a future in which none is. The mean over
 * futures is the same, with far less noise, and is never quite 0 or 1.
 */
function occurrence(task: OccursTask, { simulator, walk, outlook, random, atMs }: Future): number {
  const types = Object.keys(simulator.project.events)
  const wanted = types.indexOf(task.type)
  const untilMs = atMs + task.horizonMs
  let nowMs = atMs
  let ahead = outlook
  let notYet = 1
  for (;;) {
    const { visit, away } = ahead
    const leftMs = untilMs - nowMs
    const coming = [visit, away].map((way) => way.weight * -Math.expm1(-way.rate * leftMs))
    const others = [visit, away].map((way, index) => (coming[index] ?? 0) * (1 - (way.types[wanted] ?? 0)))
    const silence = silenceProbability(ahead, leftMs)
    const goesOn = (others[0] ?? 0) + (others[1] ?? 0)
    notYet *= silence + goesOn
    const chosen = random.pick([...others, silence])
    if (chosen === 2 || notYet === 0) return 1 - notYet
    const way = chosen === 0 ? visit : away
    // An exponential gap, given that it ends within the time left.
    const uniform = random.next() * -Math.expm1(-way.rate * leftMs)
    nowMs += Math.max(1, Math.round(-Math.log1p(-uniform) / way.rate))
    if (nowMs > untilMs) return 1 - notYet
    const weights = way.types.map((probability, type) => (type === wanted ? 0 : probability))
    const type = types[random.pick(weights)] ?? ''
    walk.step({ type, occurredAt: nowMs, newVisit: chosen === 1 }, random)
    ahead = walk.outlook()
  }
}

/** The total along one drawn future. */
function amount(task: TotalTask, { simulator, walk, outlook, random, atMs }: Future): number {
  const types = Object.keys(simulator.project.events)
  const untilMs = atMs + task.horizonMs
  let nowMs = atMs
  let ahead = outlook
  let sum = 0
  for (;;) {
    const { way, gapMs } = drawGap(ahead, random)
    nowMs += gapMs
    if (nowMs > untilMs) return sum
    const type = types[random.pick(way.types)] ?? ''
    const step = walk.step({ type, occurredAt: nowMs, newVisit: way === ahead.away }, random)
    if (type === task.type) sum += step.value ?? 0
    ahead = walk.outlook()
  }
}
