import { expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import type { ExampleSet } from '../../../training/examples/example-set.ts'
import { settleUnseen } from '../../../training/fit/unseen-ids.ts'
import { familyByName } from '../../../training/models/families.ts'
import { buildFeatures } from '../../features/generated.ts'
import { buildProblem } from './build-problem.ts'

const categories = [
  { name: 'plan', origin: 'user' as const, values: ['a', 'b', 'c'] },
  { name: 'city', origin: 'user' as const, values: ['x'] },
]
const none = { sequenceLength: 0, items: [], itemCategories: [], texts: [] }
const features = buildFeatures({ ...none, historyNumbers: [], attributeNumbers: [], categories })

function examplesWith(ids: readonly number[]): ExampleSet {
  return { inputs: { categories: Int32Array.from(ids) } } as unknown as ExampleSet
}

it('gives ids that were never seen the mean of those of their feature that were, by how often', () => {
  // Missing, unknown, a, b, c; missing, unknown, x.
  const table = { shape: [8, 1], values: Float32Array.from([90, 91, 1, 5, 92, 93, 94, 7]) }
  const seen = [examplesWith([2, 7, 3, 7]), examplesWith([3, 7, 3, 7])]
  const settled = settleUnseen(new Map([['categories', table]]), { features, seen })
  expect([...(settled.get('categories')?.values ?? [])]).toEqual([4, 4, 1, 5, 4, 7, 7, 7])
  expect([...table.values]).toEqual([90, 91, 1, 5, 92, 93, 94, 7])
})

it.each(['softmax', 'tabular'])(
  'lets %s answer nobody by chance whose category it has never seen',
  async (name) => {
    const random = createRandom(4)
    const problem = buildProblem({
      targets: { side: (_, own) => own.integer(2) },
      columns: 1,
      counts: { train: 600, validation: 200 },
    })
    const chances = [0.15, 0.5, 0.85]
    const told = (set: ExampleSet): ExampleSet => {
      const plans = Array.from({ length: set.count }, () => random.integer(3))
      return {
        ...set,
        inputs: { categories: Int32Array.from(plans.flatMap((plan) => [2 + plan, 7])) },
        targets: { side: Float32Array.from(plans, (plan) => (random.next() < (chances[plan] ?? 0) ? 1 : 0)) },
      }
    }
    const { heads } = problem.shape
    const [train, validation] = [told(problem.train), told(problem.validation)]
    const answers: number[] = []
    for (const seed of [1, 2, 3]) {
      const fitted = await familyByName[name]?.fit({
        shape: { features, heads },
        train,
        validation,
        seed,
        backend: 'wasm',
        settings: { stepsMax: 200 },
      })
      const asked = { ...train, count: 1, inputs: { categories: Int32Array.from([0, 7]) } }
      const { side = [] } = (await fitted?.logits(asked)) ?? {}
      answers.push(1 / (1 + Math.exp((side[0] ?? 0) - (side[1] ?? 0))))
    }
    for (const answer of answers) expect(Math.abs(answer - 0.5)).toBeLessThan(0.12)
  },
)
