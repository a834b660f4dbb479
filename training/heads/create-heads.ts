// The heads of a model as training starts: classes, priors and class weights from the train part.
// A target that never or always happens is refused here, with the counts.
import type { Head } from '../../features/manifest.ts'
import type { Project, Task } from '../../features/project.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import { classesOf } from '../../features/target.ts'
import type { ExampleSet } from './example-set.ts'

/** A class, or amounts above zero, seen too seldom to learn from. */
export interface TooFew {
  readonly kind: 'tooFew'
  readonly task: string
  /** The class that is short of examples; 'above zero' for a total. */
  readonly outcome: string
  readonly count: number
  readonly known: number
  readonly needed: number
}

/** A total that is not above zero on average, as of refunds: its model gives amounts above zero alone. */
export interface NotPositive {
  readonly kind: 'notPositive'
  readonly task: string
  readonly mean: number
}

/** How many examples of each outcome a task needs. A next event needs two types with as many. */
export const EXAMPLES_NEEDED = 25
/** Classes rarer than this get a weight. */
const RARE_SHARE = 0.05
const WEIGHT_MAX = 10

/** One head a task; bias undoes the class weights, temperature and scale are fitted later. */
export function createHeads(project: Project, train: ExampleSet): Result<Head[], TooFew | NotPositive> {
  const heads: Head[] = []
  for (const [name, task] of Object.entries(project.tasks)) {
    const known = (train.targets[name] ?? new Float32Array(0)).filter((value) => !Number.isNaN(value))
    const short = findTooFew(project, { name, task, known })
    if (short !== undefined) return fail(short)
    const head = task.kind === 'total' ? totalHead(name, known) : classHead({ name, task, known, project })
    if (head.kind === 'total' && !(head.scale > 0)) {
      return fail({ kind: 'notPositive', task: name, mean: head.prior[0] ?? 0 })
    }
    heads.push(head)
  }
  return succeed(heads)
}

/** Weight of each class in the loss, as the head's bias has it. */
export function classWeights(head: Head): number[] {
  return head.bias.map((bias) => Math.exp(-bias))
}

/** In units of variance over mean, amounts vary as counts do: as the loss, Poisson's, takes them to. */
function totalHead(task: string, known: Float32Array): Head {
  const mean = known.reduce((sum, value) => sum + value, 0) / known.length
  const variance = known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length
  const base = { task, kind: 'total', classes: [], prior: [mean], temperature: 1, bias: [0] } as const
  return { ...base, scale: variance === 0 ? mean : variance / mean }
}

function classHead(request: {
  readonly name: string
  readonly task: Task
  readonly known: Float32Array
  readonly project: Project
}): Head {
  const { name, task, known, project } = request
  const classes = classesOf(project, task)
  const counts = countClasses(known, classes.length)
  // One more of each keeps a class that training never saw from being ruled out.
  const prior = counts.map((count) => (count + 1) / (known.length + classes.length))
  const largest = Math.max(...prior)
  const weights = prior.map((share) =>
    share < RARE_SHARE ? Math.min(WEIGHT_MAX, Math.sqrt(largest / share)) : 1,
  )
  return {
    task: name,
    kind: task.kind,
    classes: [...classes],
    prior,
    temperature: 1,
    bias: weights.map((weight) => (weight === 1 ? 0 : -Math.log(weight))),
    scale: 1,
  }
}

function findTooFew(
  project: Project,
  { name, task, known }: { readonly name: string; readonly task: Task; readonly known: Float32Array },
): TooFew | undefined {
  const base = { kind: 'tooFew', task: name, known: known.length, needed: EXAMPLES_NEEDED } as const
  if (task.kind === 'total') {
    const count = known.filter((value) => value > 0).length
    return count < EXAMPLES_NEEDED ? { ...base, outcome: 'above zero', count } : undefined
  }
  const classes = classesOf(project, task)
  const counts = countClasses(known, classes.length)
  const ranked = counts
    .map((count, index) => ({ count, outcome: classes[index] ?? '' }))
    .toSorted((a, b) => b.count - a.count)
  const short = task.kind === 'nextEvent' ? ranked[1] : ranked.at(-1)
  if (short === undefined) return { ...base, outcome: 'a second event type', count: 0 }
  return short.count < EXAMPLES_NEEDED ? { ...base, ...short } : undefined
}

function countClasses(known: Float32Array, classCount: number): number[] {
  const counts = Array.from({ length: classCount }, () => 0)
  for (const value of known) counts[value] = (counts[value] ?? 0) + 1
  return counts
}
