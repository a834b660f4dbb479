// ngrams: what texts alone say, by a linear model over their n-grams. All that is learned is in the scores that come
// as numbers (with-text-scores.ts); where there are none the prior answers.
import { exportOnnx } from '../onnx/export.ts'
import type { Family, ModelShape } from './family.ts'
import { logitCount, splitHeads } from './linear-heads.ts'
import { requireInput } from './model.ts'
import type { Build } from './model.ts'
import { prior } from './prior.ts'
import { priorColumn, priorOutputs } from './prior-outputs.ts'
import { hasTextScores, textScorePlaces } from './text-score-names.ts'

// B = batch, N = numbers, L = outputs of all heads

const build: Build = (ops, inputs, { features, heads }) => {
  const numbers = requireInput(inputs, 'numbers') // [B, N]
  const L = logitCount(heads)
  const places = heads.flatMap((head) => textScorePlaces(features, head))
  const N = features.historyNumbers.length
  const chosen = new Float32Array(N * L)
  for (const [output, place] of places.entries()) if (place >= 0) chosen[place * L + output] = 1
  const scores = ops.linear(
    ops.slice(numbers, { axis: 1, from: 0, to: N }),
    ops.constant([...chosen], [N, L]),
  )
  return splitHeads(ops, ops.add(scores, ops.constant(heads.flatMap(priorOutputs), [1, L])), heads)
}

export const ngrams: Family = {
  name: 'ngrams',
  // No number counts, so none goes against what a task asks.
  keepsMonotone: true,
  settings: {},
  fit: (request) =>
    hasTextScores(request.shape.features) ? Promise.resolve(fittedTo(request.shape)) : prior.fit(request),
}

function fittedTo(shape: ModelShape): Awaited<ReturnType<Family['fit']>> {
  const tasks = shape.heads.map(({ task }) => task)
  return {
    stoppedAt: { epochs: Object.fromEntries(tasks.map((task) => [task, 0])) },
    logits({ inputs, count }) {
      const numbers = inputs['numbers'] ?? new Float32Array(0)
      const width = numbers.length / Math.max(1, count)
      const outputs = shape.heads.map((head) => {
        const places = textScorePlaces(shape.features, head)
        const own = priorColumn(head, count)
        for (const [at, start] of own.entries()) {
          const place = places[at % places.length] ?? -1
          const row = Math.floor(at / places.length)
          if (place >= 0) own[at] = start + (numbers[row * width + place] ?? 0)
        }
        return [head.task, own] as const
      })
      return Promise.resolve(Object.fromEntries(outputs))
    },
    export: () => exportOnnx(shape, [{ build, parameters: new Map(), tasks }]),
    describe: () => ({ parameters: 0, steps: 0, backend: 'typescript', settings: {}, endings: [] }),
    dispose: () => {},
  }
}
