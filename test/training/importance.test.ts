import { expect, it } from 'vitest'
import { makeExamples } from '../../training/examples/make-examples.ts'
import { importanceOf } from '../../training/importance.ts'
import { familyByName } from '../../training/models/families.ts'
import type { Family } from '../../training/models/family.ts'
import { rehearse } from '../../training/rehearse.ts'
import { buildWorld, kiosk } from './build-world.ts'

const plans = { a: 0.15, b: 0.6 }

async function importanceBy(name: string) {
  const data = buildWorld({
    users: 120,
    days: 20,
    seed: 1,
    planOf: (user) => (user % 2 === 0 ? 'a' : 'b'),
    buys: (plan) => plans[plan as 'a' | 'b'],
  })
  const made = await makeExamples({ project: kiosk, data, seed: 1 })
  if (!made.ok) throw new Error(JSON.stringify(made.reason))
  const rehearsed = await rehearse({
    project: kiosk,
    family: familyByName[name] as Family,
    seed: 1,
    settings: name === 'prior' ? {} : { stepsMax: 600 },
    backend: 'wasm',
    examples: made.value,
  })
  if (!rehearsed.ok) throw new Error(JSON.stringify(rehearsed.reason))
  const { heads, proven } = rehearsed.value
  return importanceOf({ ...made.value, heads, model: proven.model, seed: 1 })
}

it('tells what the model goes by: the attribute that decides first, and nothing of what the prior answers', async () => {
  const importance = await importanceBy('softmax')
  const [first, second] = importance['buysNextDay'] ?? []
  expect(first?.part).toBe('user.plan')
  // Plans differ by 45 points, and half of the users have either: whoever has the rarer is told apart.
  expect(first?.mean).toBeGreaterThan(0.1)
  expect(second?.mean ?? 0).toBeLessThan(first?.mean ?? 0)
  expect(await importanceBy('softmax')).toEqual(importance)
  const ofPrior = await importanceBy('prior')
  expect(ofPrior['buysNextDay']?.every(({ mean }) => mean === 0) ?? true).toBe(true)
})
