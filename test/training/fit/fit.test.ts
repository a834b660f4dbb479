import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { meanLoss } from '../../../training/graph/loss.ts'
import { readerOf } from '../../../features/heads/kinds.ts'
import { families, familyByName, gradientFamilies } from '../../../training/models/families.ts'
import { FitError } from '../../../training/models/family.ts'
import type { Family, FitRequest, Fitted } from '../../../training/models/family.ts'
import { priorColumn } from '../../../training/models/prior-outputs.ts'
import { startBackend } from '../../../training/tf/backend.ts'
import { buildExamples, buildProblem } from './build-problem.ts'
import type { Problem, TargetOf } from './build-problem.ts'
import { createRandom } from '../../../features/random.ts'

const { softmax, pooled } = familyByName as Record<'softmax' | 'pooled', Family>

function fit(family: Family, request: Omit<FitRequest, 'seed' | 'backend'> & { seed?: number }) {
  return family.fit({ seed: 1, backend: 'wasm', ...request })
}

/** Loss of a task on a part, over that of the prior. */
async function skillLoss(fitted: Fitted, { shape, test }: Problem, task: string): Promise<number> {
  const head = shape.heads.find((candidate) => candidate.task === task)
  const targets = test.targets[task]
  if (head === undefined || targets === undefined) throw new Error(`There is no task '${task}'`)
  const output = (await fitted.logits(test))[task] ?? new Float32Array(0)
  const loss = meanLoss(head, { output, targets }) ?? Number.NaN
  return loss / (meanLoss(head, { output: priorColumn(head, test.count), targets }) ?? Number.NaN)
}

/** The share of pairs of examples of both classes that are in the right order. */
function aucOf(logits: Float32Array, targets: Float32Array): number {
  const scores = Array.from(targets, (_, row) => (logits[2 * row + 1] ?? 0) - (logits[2 * row] ?? 0))
  const of = (wanted: number): number[] => scores.filter((_, row) => targets[row] === wanted)
  const [negatives, positives] = [of(0), of(1)]
  const right = positives.flatMap((high) => negatives.map((low): number => (high > low ? 1 : 0)))
  return right.reduce((sum, one) => sum + one, 0) / right.length
}

/** The first column tells, away from zero. */
const side: TargetOf = ([first = 0]) => (first > 0 ? 1 : 0)
const noise: TargetOf = (_, random) => random.integer(2)
/** Which of three the second column makes likelier, a little. */
const kind: TargetOf = ([, second = 0], random) => {
  return random.pick([1, Math.exp(second), Math.exp(-second)])
}

/** A few hundred rows with one column that separates the classes, and seven that tell nothing. */
function separable(): Problem {
  const problem = buildProblem({
    targets: { side },
    columns: 8,
    counts: { train: 450, validation: 75, test: 75 },
  })
  // A gap between the classes.
  for (const { inputs, count } of [problem.train, problem.validation, problem.test]) {
    const { numbers } = inputs
    for (let row = 0; row < count; row += 1) {
      if (numbers !== undefined) numbers[8 * row] = Math.sign(numbers[8 * row] ?? 0)
    }
  }
  return problem
}

describe.each(gradientFamilies.map((family) => [family.name, family] as const))('fit of %s', (_, family) => {
  it.each([1, 2, 3])('finds the one column that separates few rows, seed %d', async (seed) => {
    const { test, ...problem } = separable()
    const fitted = await fit(family, { ...problem, seed })
    const logits = await fitted.logits(test)
    expect(aucOf(logits['side'] ?? new Float32Array(0), test.targets['side'] ?? new Float32Array(0))).toBe(1)
    // Not forever: what is left to gain is soon next to nothing.
    expect(fitted.describe().steps).toBeLessThan(6_000)
    fitted.dispose()
  })

  it('keeps the parameters it began with where every step makes validation worse', async () => {
    const problem = separable()
    const wrong = problem.validation.targets['side']?.map((value) => 1 - value) ?? new Float32Array(0)
    const validation = { ...problem.validation, targets: { side: wrong } }
    const fitted = await fit(family, { ...problem, validation })
    const untrained = await fit(family, { ...problem, settings: { stepsMax: 0 } })
    expect(fitted.stoppedAt).toEqual({ epochs: { side: 0 } })
    expect(fitted.describe().steps).toBeGreaterThan(0)
    expect(fitted.export()).toEqual(untrained.export())
  })

  it('leaves no tensor behind, also where it fails', async () => {
    await startBackend('wasm')
    const before = tf.memory().numTensors
    const { test, ...problem } = separable()
    const fitted = await fit(family, { ...problem, settings: { stepsMax: 30 } })
    await fitted.logits(test)
    fitted.export()
    fitted.dispose()
    expect(tf.memory().numTensors).toBe(before)
    const broken = { ...problem.train, inputs: { numbers: new Float32Array(450 * 8).fill(Number.NaN) } }
    await expect(fit(family, { ...problem, train: broken })).rejects.toThrow(FitError)
    expect(tf.memory().numTensors).toBe(before)
  })

  it('is the same for the same seed, and other for another', async () => {
    const { test: _test, ...problem } = separable()
    const bytes = await Promise.all(
      [1, 1, 2].map(async (seed) => {
        const fitted = await fit(family, { ...problem, seed, settings: { stepsMax: 40 } })
        return fitted.export()
      }),
    )
    expect(bytes[0]).toEqual(bytes[1])
    expect(bytes[0]).not.toEqual(bytes[2])
  })
})

describe('fit of prior', () => {
  it('learns nothing and answers everybody with the shares and means in training', async () => {
    const { test, shape, train, validation } = buildProblem({
      targets: {
        kind,
        spend: (_, random) => random.exponential(0.1),
        balance: (_, random) => random.normal() - 3,
      },
      columns: 3,
      counts: { train: 300, validation: 100, test: 4 },
    })
    const prior = families.find(({ name }) => name === 'prior')
    if (prior === undefined) throw new Error('There is no prior')
    const fitted = await fit(prior, { shape, train, validation })
    const logits = await fitted.logits(test)
    for (const head of shape.heads) {
      const reader = readerOf(head)
      const { width } = reader
      const output = logits[head.task] ?? new Float32Array(0)
      expect(output.length).toBe(4 * width)
      for (const [index, number] of reader.numbers(output.slice(width, 2 * width)).entries()) {
        expect(number).toBeCloseTo(head.prior[index] ?? Number.NaN, 4)
      }
    }
    expect(fitted.describe()).toMatchObject({ parameters: 0, steps: 0 })
  })
})

describe('several tasks', () => {
  it('are each as well off as alone: what is soon learned by heart, and what takes long', async () => {
    // Of the fickle task a little is true; more is learned by heart. The slow one is a product of signs.
    const fickle: TargetOf = ([first = 0], random) => (random.next() < (first > 0 ? 0.62 : 0.38) ? 1 : 0)
    const slow: TargetOf = ([, second = 0, third = 0]) => (second * third > 0 ? 1 : 0)
    const options = { columns: 5, counts: { train: 1_200, validation: 1_000, test: 3_000 } }
    const settings = { stepsMax: 1_500 }
    const both = buildProblem({ targets: { side: fickle, other: slow }, ...options })
    const together = await fit(pooled, { ...both, settings })
    const alone = await Promise.all(
      (['side', 'other'] as const).map(async (task) => {
        const problem = onlyTask(both, task)
        return await skillLoss(await fit(pooled, { ...problem, settings }), problem, task)
      }),
    )
    const { side: early = NaN, other: late = NaN } = together.stoppedAt.epochs
    expect(late).toBeGreaterThan(2 * early)
    expect(await skillLoss(together, both, 'side')).toBeLessThan((alone[0] ?? 0) + 0.01)
    expect(await skillLoss(together, both, 'side')).toBeLessThan(0.99)
    expect(await skillLoss(together, both, 'other')).toBeLessThan(1.15 * (alone[1] ?? 0))
    expect(await skillLoss(together, both, 'other')).toBeLessThan(0.4)
  })

  it('do not depend on the unit in which one of them is counted', async () => {
    const spend: TargetOf = ([first = 0], random) => random.exponential(Math.exp(-first))
    const options = { columns: 4, counts: { train: 600, validation: 300, test: 500 } }
    const losses = await Promise.all(
      [1, 1_000].map(async (unit) => {
        const targets = { side: noisySide, spend: scaled(spend, unit), balance: scaled(balance, unit) }
        const problem = buildProblem({ targets, ...options })
        const fitted = await fit(softmax, problem)
        const tasks = ['side', 'spend', 'balance']
        return await Promise.all(tasks.map((task) => skillLoss(fitted, problem, task)))
      }),
    )
    for (const [index, loss] of (losses[0] ?? []).entries()) {
      expect(loss).toBeLessThan(0.95)
      expect(losses[1]?.[index]).toBeCloseTo(loss, 3)
    }
  })

  it('learns nothing of a task that the prior answers', async () => {
    const problem = buildProblem({
      targets: { side: noisySide, other: side },
      columns: 4,
      counts: { train: 300, validation: 100 },
    })
    const heads = problem.shape.heads.map((head) =>
      head.task === 'other' ? { ...head, basis: 'prior' as const } : head,
    )
    const fitted = await fit(softmax, { ...problem, shape: { ...problem.shape, heads } })
    const alone = onlyTask(problem, 'side')
    const expected = await (await fit(softmax, alone)).logits(alone.test)
    const logits = await fitted.logits(problem.test)
    expect(logits['side']).toEqual(expected['side'])
    expect(logits['other']).toBeDefined()
  })
})

describe('an amount', () => {
  it('of either sign is learned, below zero too', async () => {
    const problem = buildProblem({
      targets: { balance },
      columns: 3,
      counts: { train: 600, validation: 300, test: 500 },
    })
    const fitted = await fit(pooled, problem)
    expect(await skillLoss(fitted, problem, 'balance')).toBeLessThan(0.2)
    const [head] = problem.shape.heads
    const outputs = (await fitted.logits(problem.test))['balance'] ?? []
    if (head === undefined) throw new Error('There is no head')
    const reader = readerOf(head)
    const amounts = Array.from(outputs, (output) => reader.numbers([output])[0] ?? 0)
    expect(Math.min(...amounts)).toBeLessThan(-8)
    expect(Math.max(...amounts)).toBeGreaterThan(-2)
  })
})

describe('a fit that diverges', () => {
  const problem = buildProblem({
    targets: { kind },
    columns: 4,
    counts: { train: 200, validation: 100 },
  })
  const broken = (count: number) => ({ numbers: new Float32Array(4 * count).fill(Infinity) })

  it('says at which step, and what was no number', async () => {
    const failure = fit(pooled, { ...problem, train: { ...problem.train, inputs: broken(200) } })
    await expect(failure).rejects.toMatchObject({
      fault: { code: 'diverged', family: 'pooled', step: 1, cause: 'the loss of training is NaN' },
    })
  })

  it('is seen on validation, too', async () => {
    const failure = fit(pooled, { ...problem, validation: { ...problem.validation, inputs: broken(100) } })
    await expect(failure).rejects.toMatchObject({
      fault: { code: 'diverged', step: 0, cause: "the loss of 'kind' on validation is NaN" },
    })
  })
})

describe('a final fit', () => {
  const targets = { side: noisySide, kind, balance }
  const options = { columns: 6, counts: { train: 700, validation: 400 } }

  it('stops where the rehearsal did: on the same data it is the same model', async () => {
    const { shape, train, validation } = buildProblem({ targets, ...options })
    const settings = { stepsMax: 400 }
    const rehearsed = await fit(pooled, { shape, train, validation, settings })
    const final = await fit(pooled, { shape, train, settings, stopAt: rehearsed.stoppedAt })
    expect(new Set(Object.values(rehearsed.stoppedAt.epochs)).size).toBeGreaterThan(1)
    expect(final.stoppedAt).toEqual(rehearsed.stoppedAt)
    expect(final.export()).toEqual(rehearsed.export())
  })

  it('sees more examples as many times', async () => {
    const { shape } = buildProblem({ targets, ...options })
    const train = buildExamples({ targets, columns: 6, count: 20_000, random: createRandom(5) })
    const stopAt = { epochs: { side: 1.5, kind: 1.5, balance: 0.25 } }
    const fitted = await fit(softmax, { shape, train, stopAt })
    expect(fitted.stoppedAt).toEqual(stopAt)
    expect(fitted.describe().steps).toBe(Math.ceil(20_000 / 256) + Math.ceil(10_000 / 256))
  })

  it('takes no step and keeps no model for a task that the prior answers', async () => {
    const { shape, train } = buildProblem({ targets, ...options })
    const heads = shape.heads.map((head) =>
      head.task === 'balance' ? { ...head, basis: 'prior' as const } : head,
    )
    const stopAt = { epochs: { side: 0.5, kind: 0.5, balance: 9 } }
    const fitted = await fit(softmax, { shape: { ...shape, heads }, train, stopAt })
    const without = await fit(softmax, {
      shape,
      train,
      stopAt: { epochs: { side: 0.5, kind: 0.5, balance: 0.5 } },
    })
    const { steps, parameters } = fitted.describe()
    expect({ steps, parameters }).toEqual({
      steps: without.describe().steps,
      parameters: without.describe().parameters,
    })
    expect(fitted.stoppedAt.epochs).toEqual({ side: 0.5, kind: 0.5, balance: 0.5 })
  })

  it('needs a point for every task, or validation to find it', async () => {
    const { shape, train } = buildProblem({ targets, ...options })
    await expect(fit(softmax, { shape, train, stopAt: { epochs: { side: 1 } } })).rejects.toThrow(
      "Expected a point to stop at for task 'kind', got none",
    )
    await expect(fit(softmax, { shape, train })).rejects.toThrow('got neither')
  })
})

describe.each(['softmax', 'trees'])('what ended a fit of %s', (name) => {
  const { shape, train, validation } = buildProblem({
    targets: { kind },
    columns: 3,
    counts: { train: 300, validation: 100 },
  })
  const family = familyByName[name] as Family
  const [of, unit, most] =
    name === 'trees' ? ['trees for kind', 'rounds', 'roundsMax'] : [name, 'steps', 'stepsMax']
  const quick = name === 'trees' ? { patienceRounds: 5 } : { patienceSteps: 40 }

  it.each([
    ['that validation got no better', { by: 'patience' }, quick],
    ['how many it may take', { by: 'steps', bound: 20, after: 20 }, { [most]: 20 }],
    ['how long it may take', { by: 'minutes', bound: 0, after: 0 }, { minutesMax: 0 }],
  ])('is told: %s', async (_, ending, settings) => {
    const fitted = await fit(family, { shape, train, validation, settings })
    expect(fitted.describe().endings).toEqual([expect.objectContaining({ of, unit, ...ending })])
  })

  it('is nothing where the rehearsal had said when, however few minutes there are', async () => {
    const settings = { minutesMax: 0 }
    const fitted = await fit(family, { shape, train, settings, stopAt: { epochs: { kind: 3 } } })
    expect(fitted.describe().endings).toEqual([])
    expect(fitted.describe().steps).toBeGreaterThan(2)
  })
})

describe('settings', () => {
  const problem = buildProblem({ targets: { kind }, columns: 2, counts: { train: 200, validation: 50 } })

  it('are kept, those given in place of those of the family', async () => {
    const fitted = await fit(pooled, { ...problem, settings: { stepsMax: 3, hiddenWidth: 7 } })
    expect(fitted.describe().settings).toEqual({ ...pooled.settings, stepsMax: 3, hiddenWidth: 7 })
    expect(fitted.describe().steps).toBe(3)
    // 2 numbers into 7 units, 7 units into 3 logits.
    expect(fitted.describe().parameters).toBe(2 * 7 + 7 + 7 * 3 + 3)
  })

  it('that the family does not have are refused, and values of another type', async () => {
    await expect(fit(softmax, { ...problem, settings: { hiddenWidth: 7 } })).rejects.toThrow(
      'settings.hiddenWidth: there is no such key; there is batchSize',
    )
    await expect(fit(pooled, { ...problem, settings: { hiddenWidth: 'wide' } })).rejects.toThrow(
      'settings.hiddenWidth: expected a number from 0 on, got "wide"',
    )
  })
})

describe('validation that is large', () => {
  it('is looked at in part while training, but the choice is made on all of it', async () => {
    const { shape, train, validation, test } = buildProblem({
      targets: { side: noise },
      columns: 4,
      counts: { train: 400, validation: 2_000, test: 1 },
    })
    const request = { shape, train, validation, settings: { checkExamplesMax: 16 } }
    const fitted = await fit(pooled, request)
    // Sixteen examples of noise seem to be learned; two thousand say that the less the better.
    const onAll = { shape, train, validation: test, test: validation }
    expect(await skillLoss(fitted, onAll, 'side')).toBeLessThan(1.02)
  })
})

const noisySide: TargetOf = ([first = 0], random) => (random.next() < 1 / (1 + Math.exp(-2 * first)) ? 1 : 0)

function balance([first = 0, second = 0]: readonly number[]): number {
  return -5 + 3 * first - second
}

function scaled(targetOf: TargetOf, unit: number): TargetOf {
  return (numbers, random) => unit * targetOf(numbers, random)
}

/** The same examples with one task alone. */
function onlyTask({ shape, train, validation, test }: Problem, task: string): Problem {
  const only = (part: Problem['train']): Problem['train'] => ({
    ...part,
    targets: { [task]: part.targets[task] ?? new Float32Array(0) },
  })
  const heads = shape.heads.filter((head) => head.task === task)
  return { shape: { ...shape, heads }, train: only(train), validation: only(validation), test: only(test) }
}
