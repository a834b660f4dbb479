// Made-up problems for the tests of fitting: columns of random numbers, and targets that follow from them.
import { category, defineProject, label, occurs, total } from '../../../features/project.ts'
import type { Project } from '../../../features/project.ts'
import { createRandom } from '../../../features/random.ts'
import type { Random } from '../../../features/random.ts'
import type { ExampleSet } from '../../../training/examples/example-set.ts'
import { createHeads } from '../../../training/heads/create-heads.ts'
import type { ModelShape } from '../../../training/models/family.ts'
import { buildFeatures } from '../../features/generated.ts'

/** A target of an example: the index of a class, an amount, or NaN. */
export type TargetOf = (numbers: readonly number[], random: Random) => number

/** Tasks of every kind, of which a problem names those that it has targets for. */
export const tasks = {
  kind: label(['a', 'b', 'c']),
  side: label(['left', 'right']),
  other: label(['left', 'right']),
  buys: occurs('purchase', { withinDays: 7 }),
  spend: total('purchase', { withinDays: 7 }),
  balance: total('purchase', { withinDays: 7 }),
} as const
export type TaskName = keyof typeof tasks
export type Targets = { readonly [Name in TaskName]?: TargetOf }

export interface Problem {
  readonly shape: ModelShape
  readonly train: ExampleSet
  readonly validation: ExampleSet
  readonly test: ExampleSet
}

export interface ProblemOptions {
  readonly targets: Targets
  readonly columns: number
  readonly counts: { readonly train: number; readonly validation: number; readonly test?: number }
  readonly seed?: number
}

/** Every part drawn alike; heads as training creates them. */
export function buildProblem({ targets, columns, counts, seed = 1 }: ProblemOptions): Problem {
  const random = createRandom(seed)
  const examplesOf = (part: string, count: number): ExampleSet =>
    buildExamples({ targets, columns, count, random: random.fork(part) })
  const [train, validation, test] = [
    examplesOf('train', counts.train),
    examplesOf('validation', counts.validation),
    examplesOf('test', counts.test ?? 1),
  ]
  return { shape: shapeOf(train, columns), train, validation, test }
}

/** The shape that training would give these examples. */
export function shapeOf(train: ExampleSet, columns: number): ModelShape {
  const features = buildFeatures({
    sequenceLength: 0,
    items: [],
    itemCategories: [],
    historyNumbers: Array.from({ length: columns }, (_, index) => ({
      name: `number:${index}`,
      mean: 0,
      deviation: 1,
    })),
    attributeNumbers: [],
    categories: [],
    texts: [],
  })
  const heads = createHeads(projectOf(Object.keys(train.targets)), {
    targets: train.targets,
    newcomerTargets: {},
  })
  if (!heads.ok) throw new Error(`No heads: ${JSON.stringify(heads.reason)}`)
  return { features, heads: heads.value.heads }
}

export function buildExamples(request: {
  readonly targets: Targets
  readonly columns: number
  readonly count: number
  readonly random: Random
}): ExampleSet {
  const { targets, columns, count, random } = request
  const rows = Array.from({ length: count }, () => Array.from({ length: columns }, () => random.normal()))
  return {
    count,
    inputs: { numbers: Float32Array.from(rows.flat()) },
    targets: Object.fromEntries(
      Object.entries(targets).map(([task, targetOf]) => {
        const own = random.fork(task)
        return [task, Float32Array.from(rows, (row) => targetOf(row, own))]
      }),
    ),
    userIds: rows.map((_, index) => `user-${index}`),
    atMs: new Float64Array(count),
    isFirst: new Uint8Array(count),
    from: rows.map(() => 'row' as const),
  }
}

function projectOf(names: readonly string[]): Project {
  return defineProject({
    name: 'problem',
    events: { purchase: { value: true } },
    user: { plan: category() },
    tasks: Object.fromEntries(Object.entries(tasks).filter(([name]) => names.includes(name))),
  })
}
