import { describe, expect, it } from 'vitest'
import { createHeads } from '../../../training/heads/create-heads.ts'
import { makeExamples } from '../../../training/examples/make-examples.ts'
import type { ExampleSet } from '../../../training/examples/example-set.ts'
import { FitError } from '../../../training/models/family.ts'
import type { Family } from '../../../training/models/family.ts'
import { prior } from '../../../training/models/prior.ts'
import { trees } from '../../../training/models/trees.ts'
import { rehearse } from '../../../training/rehearse.ts'
import { judgeTrial } from '../../../training/tune/judge-trial.ts'
import { buildRows, buildTable, kindsOf, smallTable } from '../build-table.ts'

const made = await makeExamples({
  project: smallTable,
  data: buildTable(buildRows(kindsOf({ a: 100, b: 100, c: 100 }))),
  seed: 1,
})
if (!made.ok) throw new Error(made.reason.code)
const { features, train, validation, newcomers } = made.value
const heads = createHeads(smallTable, { targets: train.targets, newcomerTargets: newcomers })
if (!heads.ok) throw new Error(heads.reason.code)
const data = { shape: { features, heads: heads.value.heads }, train, validation, seed: 1 }

describe('judgeTrial', () => {
  it('gives the loss over that of the prior, and what each example adds to it', async () => {
    expect(await judgeTrial({ ...data, family: prior, settings: {}, share: 1 })).toMatchObject({
      loss: expect.closeTo(1, 5) as number,
    })
    const judged = await judgeTrial({ ...data, family: trees, settings: { roundsMax: 20 }, share: 1 })
    if ('cause' in judged) throw new Error(judged.cause)
    expect(judged.loss).toBeLessThan(0.9)
    expect(judged.losses).toEqual({ kind: judged.loss })
    const mean = judged.rows.reduce((sum, row) => sum + row, 0) / validation.count
    expect(mean).toBeCloseTo(judged.loss, 10)
  })

  it('fits on a share of the examples, the smaller within the larger, and judges on all of validation', async () => {
    const seen: ExampleSet[] = []
    const family: Family = {
      ...prior,
      fit: (request) => {
        seen.push(request.train)
        expect(request.validation).toBe(validation)
        return prior.fit(request)
      },
    }
    for (const share of [1 / 9, 1 / 3, 1]) await judgeTrial({ ...data, family, settings: {}, share })
    const [few = [], more = [], all = []] = seen.map(({ userIds }) => userIds)
    expect(few).toHaveLength(Math.ceil(train.count / 9))
    expect(few.every((userId) => more.includes(userId))).toBe(true)
    expect(all).toEqual(train.userIds)
  })

  it('gives the cause of a fit that failed', async () => {
    const fault = { code: 'diverged', family: 'broken', step: 3, cause: 'the loss is NaN' } as const
    const family: Family = { ...prior, fit: () => Promise.reject(new FitError(fault)) }
    expect(await judgeTrial({ ...data, family, settings: {}, share: 1 })).toEqual({
      cause: 'Training broken failed at step 3: the loss is NaN',
    })
  })
})

describe('rehearse', () => {
  it('takes the settings that the project declares for the family, unless it is given others', async () => {
    const project = { ...smallTable, training: { family: 'trees', settings: { roundsMax: 2, leavesMax: 4 } } }
    const request = { project, family: trees, seed: 1, examples: made.value }
    const [declared, given] = [
      await rehearse(request),
      await rehearse({ ...request, settings: { roundsMax: 3 } }),
    ]
    if (!declared.ok || !given.ok) throw new Error('Expected rehearsals')
    expect(declared.value.description).toMatchObject({ steps: 2, settings: { roundsMax: 2, leavesMax: 4 } })
    expect(given.value.description).toMatchObject({ steps: 3, settings: { roundsMax: 3, leavesMax: 15 } })
  })
})
