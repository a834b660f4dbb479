import { beforeAll, describe, expect, it } from 'vitest'
import type { Direction } from '../../../features/project.ts'
import type { ExampleSet } from '../../../training/examples/example-set.ts'
import { fitOrFault } from '../../../training/fit-or-fault.ts'
import { createBlend } from '../../../training/models/blend.ts'
import type { Family, Fitted, ModelShape } from '../../../training/models/family.ts'
import { softmax } from '../../../training/models/softmax.ts'
import { treeColumnsOf } from '../../../training/models/tree-columns.ts'
import { trees } from '../../../training/models/trees.ts'
import { startBackend } from '../../../training/tf/backend.ts'
import { buildProblem } from '../fit/build-problem.ts'

beforeAll(async () => {
  await startBackend('wasm')
})

/** What is told first rises and then falls with the first number; spending falls with it, then rises. */
const problem = buildProblem({
  targets: {
    side: ([first = 0, second = 0], random) =>
      random.next() < 1 / (1 + Math.exp(first * first - second)) ? 1 : 0,
    spend: ([first = 0], random) => random.exponential(1 + first * first),
  },
  columns: 3,
  counts: { train: 1_500, validation: 500 },
})
const [column] = treeColumnsOf(problem.shape.features)

function asking(direction: Direction): ModelShape {
  const monotone = { [column?.name ?? '']: direction }
  const heads = problem.shape.heads.map((head) => ({
    ...head,
    declaration: { ...head.declaration, monotone },
  }))
  return { ...problem.shape, heads }
}

const brief = (family: Family): Family => ({
  ...family,
  fit: (request) => family.fit({ ...request, settings: { ...request.settings, roundsMax: 60 } }),
})

/** The steps of an answer while the first number goes up and the others stay, at several places of the others. */
async function stepsOf(fitted: Fitted, task: string): Promise<number[]> {
  const [grid, places] = [41, 5]
  const rows = Array.from({ length: places }, (_, place) =>
    Array.from({ length: grid }, (__, at) => [(6 * at) / (grid - 1) - 3, place - 2, 2 - place]),
  ).flat()
  const examples: ExampleSet = {
    ...problem.test,
    count: rows.length,
    inputs: { numbers: Float32Array.from(rows.flat()) },
    targets: {},
  }
  const outputs = (await fitted.logits(examples))[task] ?? new Float32Array(0)
  const width = outputs.length / rows.length
  const answers = rows.map((_, row) =>
    width === 1 ? (outputs[row] ?? 0) : (outputs[row * width + 1] ?? 0) - (outputs[row * width] ?? 0),
  )
  return answers.flatMap((answer, at) => (at % grid === 0 ? [] : [answer - (answers[at - 1] ?? 0)]))
}

describe('a task that asks to be monotone', () => {
  const { train, validation } = problem

  it.each(['rises', 'falls'] as const)('is answered by trees that keep it: %s', async (direction) => {
    const free = await brief(trees).fit({ ...problem, seed: 1 })
    const kept = await brief(trees).fit({ ...problem, shape: asking(direction), seed: 1 })
    const sign = direction === 'rises' ? 1 : -1
    for (const { task } of problem.shape.heads) {
      // Without being asked they go both ways, as the data do.
      expect(Math.min(...(await stepsOf(free, task)).map((step) => sign * step)), task).toBeLessThan(-0.01)
      expect(
        Math.min(...(await stepsOf(kept, task)).map((step) => sign * step)),
        task,
      ).toBeGreaterThanOrEqual(-1e-6)
    }
  })

  it('is refused to a family that cannot promise it', async () => {
    const request = {
      train,
      validation,
      seed: 1,
      settings: undefined,
      backend: undefined,
      monitor: undefined,
    }
    expect(await fitOrFault(softmax, { ...request, shape: asking('rises') })).toEqual({
      ok: false,
      reason: { code: 'not_monotone', family: 'softmax', task: 'side' },
    })
  })

  it('is answered in a mix by the parts that keep it alone', async () => {
    const shape = asking('rises')
    const heads = shape.heads.map((head, place) =>
      place === 0 ? head : (problem.shape.heads[place] ?? head),
    )
    const blend = createBlend({
      name: 'blend',
      parts: [softmax, trees],
      familiesFor: () => [softmax, brief(trees)],
    })
    const fitted = await blend.fit({ ...problem, shape: { ...shape, heads }, seed: 1 })
    const [first] = heads
    expect(fitted.stoppedAt.parts?.['softmax']?.weights[first?.task ?? ''] ?? 0).toBe(0)
    expect(Math.min(...(await stepsOf(fitted, first?.task ?? '')))).toBeGreaterThanOrEqual(-1e-6)
  })

  it('takes no time of a mix for parts that keep no task', async () => {
    const never: Family = { ...softmax, fit: () => Promise.reject(new Error('fitted in vain')) }
    const blend = createBlend({
      name: 'blend',
      parts: [never, trees],
      familiesFor: () => [never, brief(trees)],
    })
    const fitted = await blend.fit({ ...problem, shape: asking('rises'), seed: 1 })
    expect(Object.keys(fitted.stoppedAt.parts ?? {})).toEqual(['trees'])
  })
})
