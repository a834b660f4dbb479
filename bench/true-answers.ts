// The true answers at the moments of examples, as numbers that can be laid beside those of a head.
import { headKindOfTask } from '../features/heads/kinds.ts'
import { createRandom, shuffle } from '../features/random.ts'
import type { Task } from '../features/project.ts'
import { trueNextEvent, trueTask } from '../simulation/index.ts'
import type { ExampleSet } from '../training/examples/example-set.ts'
import { knownExamplesOf } from '../training/heads/known-examples.ts'
import type { SimulatedLog } from './simulated-log.ts'

/** For some of the examples whose target is known. */
export interface Truth {
  /** Their rows in the set, rising. */
  readonly rows: readonly number[]
  /** Row-major [rows, width]: probabilities of the classes, or expected amounts. */
  readonly numbers: Float64Array
}

export interface TruthRequest {
  readonly log: SimulatedLog
  readonly examples: Omit<ExampleSet, 'inputs'>
  readonly seed: number
  /** How many futures to draw for an example where there is no formula, … */
  readonly runs: number
  /** … and for how many examples. */
  readonly examplesMax: number
}

/** By task, of all tasks or of these. */
export function trueAnswers(request: TruthRequest, names?: readonly string[]): Record<string, Truth> {
  const all = Object.entries(request.log.law.simulator.project.tasks)
  const tasks = all.filter(([name]) => names?.includes(name) ?? true)
  return Object.fromEntries(tasks.map(([name, task]) => [name, truthOf(name, task, request)]))
}

function truthOf(name: string, task: Task, request: TruthRequest): Truth {
  const { log, examples, seed, examplesMax } = request
  const { rows: known } = knownExamplesOf(examples, name)
  const rows = hasFormula(task)
    ? known
    : shuffle(known, createRandom(seed).fork(`truth/${name}`))
        .slice(0, examplesMax)
        .toSorted((a, b) => a - b)
  const random = createRandom(seed).fork(`futures/${name}`)
  const numbers = rows.flatMap((row) => {
    const user = log.users.get(examples.userIds[row] ?? '')
    if (user === undefined) throw new Error(`Expected a simulated user, got '${examples.userIds[row]}'`)
    const atMs = examples.atMs[row] ?? 0
    const asked = { law: log.law, history: user.events, user: user.versions, atMs }
    if (task.kind === 'nextEvent') {
      return Object.values(trueNextEvent({ ...asked, withinMs: task.horizonMs ?? Infinity }))
    }
    const answer = trueTask({ ...asked, task, random, runs: request.runs })
    return headKindOfTask[task.kind] === 'amount' ? [answer] : [1 - answer, answer]
  })
  return { rows, numbers: Float64Array.from(numbers) }
}

/** Whether the truth is cheap enough for every example; else it is drawn for some of them. */
function hasFormula({ kind }: Task): boolean {
  return kind === 'nextEvent' || kind === 'absent'
}
