// A family that also reads what texts say: the scores of a linear model over their n-grams come to it as numbers
// before the others. It learns from scores of models that had not seen the example, and answers by one graph, in
// which the scores are made of the n-grams. Any family gains so, and none knows of it.
import { inputSpecs } from '../../features/encode.ts'
import { headWidth } from '../../features/heads/kinds.ts'
import type { Features } from '../../features/manifest.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import { createOnnxGraph } from '../graph/onnx-ops.ts'
import type { OnnxGraph, OnnxValue } from '../graph/onnx-ops.ts'
import type { Family, FitRequest, Fitted } from './family.ts'
import { textScoreName } from './text-score-names.ts'
import { fitTextScores, scoreCount, textScoresOf } from './text-scores.ts'
import type { TextTask } from './text-scores.ts'

// B = batch, X = texts, G = n-grams of a text, S = scores of all tasks

export function withTextScores(family: Family): Family {
  return {
    ...family,
    async fit(request) {
      const { shape, train, validation } = request
      if (!shape.features.texts.some(({ ngrams }) => ngrams !== undefined)) return family.fit(request)
      const { lossWeights, tasks, train: trainScores } = fitTextScores(request)
      if (tasks.length === 0) return withStop(await family.fit(request), lossWeights)
      const extended = (examples: ExampleSet): ExampleSet =>
        withNumbers(examples, textScoresOf(tasks, examples))
      const fitted = await family.fit({
        ...request,
        shape: { ...shape, features: withScoresAsNumbers(shape.features, tasks) },
        train: withNumbers(train, trainScores),
        ...(validation !== undefined && { validation: extended(validation) }),
      })
      return {
        ...withStop(fitted, lossWeights),
        logits: (examples) => fitted.logits(extended(examples)),
        export: () => exportWithScores(request, { fitted, tasks }),
        describe() {
          const own = fitted.describe()
          const weights = tasks.reduce((sum, { model }) => sum + model.weights.length, 0)
          return { ...own, parameters: own.parameters + weights }
        },
      }
    },
  }
}

function withStop(fitted: Fitted, texts: Readonly<Record<string, number>>): Fitted {
  return { ...fitted, stoppedAt: { ...fitted.stoppedAt, texts } }
}

/** Scores are numbers of any history: they are standardised as they are. */
function withScoresAsNumbers(features: Features, tasks: readonly TextTask[]): Features {
  const scores = tasks.flatMap(({ head, outputs }) =>
    outputs.map((output) => ({ name: textScoreName(head.task, output), mean: 0, deviation: 1 })),
  )
  return { ...features, historyNumbers: [...scores, ...features.historyNumbers] }
}

/** These numbers [n, S] before those that there are. */
function withNumbers(examples: ExampleSet, scores: Float32Array): ExampleSet {
  const { count, inputs } = examples
  const numbers = inputs['numbers'] ?? new Float32Array(0)
  const [ownWidth, width] = [scores.length, numbers.length].map((length) => length / Math.max(1, count))
  const all = new Float32Array(scores.length + numbers.length)
  for (let row = 0; row < count; row += 1) {
    const [first = 0, others = 0] = [ownWidth, width]
    all.set(scores.subarray(row * first, (row + 1) * first), row * (first + others))
    all.set(numbers.subarray(row * others, (row + 1) * others), row * (first + others) + first)
  }
  return { ...examples, inputs: { ...inputs, numbers: all } }
}

function exportWithScores(
  { shape }: FitRequest,
  { fitted, tasks }: { readonly fitted: Fitted; readonly tasks: readonly TextTask[] },
): Uint8Array<ArrayBuffer> {
  const graph = createOnnxGraph()
  const inputs = new Map(inputSpecs(shape.features).map((spec) => [spec.name, graph.input(spec)]))
  const scores = writeScores(graph, { inputs, tasks })
  const own = inputs.get('numbers')
  const numbers = own === undefined ? scores : graph.opsOver(new Map()).concat([scores, own], 1)
  const outputs = graph.include(fitted.export(), 'model/', new Map([['numbers', numbers]]))
  for (const head of shape.heads) {
    const value = outputs.get(head.task)
    if (value === undefined) throw new Error(`The model does not answer '${head.task}'`)
    graph.output(head.task, { value, width: headWidth(head) })
  }
  return graph.finish()
}

interface Scoring {
  readonly inputs: ReadonlyMap<string, OnnxValue>
  readonly tasks: readonly TextTask[]
}

/** [B, S] */
function writeScores(graph: OnnxGraph, { inputs, tasks }: Scoring): OnnxValue {
  const [ids, weights] = ['ngrams', 'ngramWeights'].map((name) => inputs.get(name)) // [B, X, G]
  if (ids === undefined || weights === undefined) throw new Error('Expected inputs of n-grams, got none')
  const S = scoreCount(tasks)
  const { table, intercepts } = tableOf(tasks, S)
  const ops = graph.opsOver(new Map([['table', { values: table, shape: [table.length / S, S] }]]), 'texts/')
  const rows = ops.gather(
    ops.parameter('table', { shape: [table.length / S, S], initial: { kind: 'zeros' } }),
    ids,
  )
  const factors = graph.opsOver(new Map()).reshape(weights, [0, 0, -1, 1])
  const sums = ops.sum(ops.sum(ops.mul(rows, factors), 2), 1) // [B, X, G, S] to [B, S]
  return ops.add(sums, ops.constant(intercepts, [1, S]))
}

/** Of all tasks side by side: the weights, row-major [ids, S], and the intercepts. */
function tableOf(
  tasks: readonly TextTask[],
  S: number,
): { readonly table: Float32Array<ArrayBuffer>; readonly intercepts: readonly number[] } {
  const [first] = tasks
  const rows = first === undefined ? 0 : first.model.weights.length / first.model.width - 1
  const table = new Float32Array(rows * S)
  const intercepts: number[] = []
  for (const { model } of tasks) {
    const { width, weights } = model
    for (let row = 0; row < rows; row += 1) {
      table.set(weights.subarray(row * width, (row + 1) * width), row * S + intercepts.length)
    }
    intercepts.push(...weights.subarray(rows * width))
  }
  return { table, intercepts }
}
