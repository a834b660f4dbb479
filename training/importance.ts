// What a model goes by, over many: how much each part of what is known moves an answer on average, by the same
// reasons that the service gives for one (features/reasons/).
import { inputSpecs } from '../features/encode.ts'
import { explain } from '../features/reasons/explain.ts'
import { reasonParts } from '../features/reasons/parts.ts'
import type { Head } from '../features/heads/head.ts'
import type { Features, Manifest } from '../features/manifest.ts'
import { createRandom, shuffle } from '../features/random.ts'
import { rowOf } from '../features/rows.ts'
import type { ExampleSet } from './examples/example-set.ts'
import { createRunner } from './onnx/run.ts'
import type { Runner } from './onnx/run.ts'
import { referenceInputs } from './reference.ts'

export interface PartImportance {
  /** As reasons name it: 'user.plan', 'history.cart', 'event.1'. */
  readonly part: string
  /** How far it moves the answer from somebody typical's, on average, either way: in probability, or an amount. */
  readonly mean: number
}

export interface ImportanceRequest {
  readonly features: Features
  readonly heads: readonly Head[]
  /** What the model learned from: says who is typical. */
  readonly train: ExampleSet
  /** Explained are some of these. */
  readonly test: ExampleSet
  /** As ONNX. */
  readonly model: Uint8Array
  readonly seed: number
}

/** So many examples are explained, each by so many rows: a second or two of the slowest family… */
const EXAMPLES_MAX = 100
/** …and fewer where parts are so many that each takes more: a pair of orders asks two rows a part. */
const ROWS_MAX = 50_000
const COALITIONS_MAX = 64
const EVENTS_MAX = 3

/** By task, the greatest first; of tasks that the prior answers nothing. */
export async function importanceOf(
  request: ImportanceRequest,
): Promise<Readonly<Record<string, readonly PartImportance[]>>> {
  const runner = await createRunner(request.model, inputSpecs(request.features))
  return explainSome(request, runner).finally(() => runner.release())
}

async function explainSome(
  { features, heads, train, test, seed }: ImportanceRequest,
  runner: Runner,
): Promise<Readonly<Record<string, readonly PartImportance[]>>> {
  const random = createRandom(seed).fork('importance')
  const reference = {
    inputs: referenceInputs(features, { learned: train, random }),
    answers: {},
    outcomes: {},
  }
  const manifest: Pick<Manifest, 'features' | 'heads' | 'reference'> = { features, heads, reference }
  const tasks = heads.filter(({ basis }) => basis === 'model').map(({ task }) => task)
  const parts = reasonParts(manifest, { eventsMax: EVENTS_MAX }).length
  const examplesMax = Math.min(EXAMPLES_MAX, Math.ceil(ROWS_MAX / (2 * parts)))
  const rows = shuffle([...Array(test.count).keys()], random).slice(0, examplesMax)
  const sums = new Map(tasks.map((task) => [task, new Map<string, number>()]))
  for (const row of tasks.length === 0 ? [] : rows) {
    const explained = await explain(manifest, {
      encoded: rowOf(test.inputs, { row, rows: test.count }),
      run: (inputs, count) => runner.run(inputs, count),
      eventsMax: EVENTS_MAX,
      tasks,
      coalitionsMax: COALITIONS_MAX,
    })
    for (const [task, { contributions }] of Object.entries(explained)) {
      const own = sums.get(task)
      for (const { part, contribution } of contributions)
        own?.set(part.name, (own.get(part.name) ?? 0) + Math.abs(contribution))
    }
  }
  return Object.fromEntries(
    [...sums].map(([task, own]) => [
      task,
      Array.from(own, ([part, sum]) => ({ part, mean: sum / rows.length })).toSorted(
        (a, b) => b.mean - a.mean,
      ),
    ]),
  )
}
