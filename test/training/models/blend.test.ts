import { beforeAll, describe, expect, it } from 'vitest'
import { inputSpecs } from '../../../features/encode.ts'
import { readerOf } from '../../../features/heads/kinds.ts'
import { meanLoss } from '../../../training/graph/loss.ts'
import { createBlend } from '../../../training/models/blend.ts'
import { chooseWeights } from '../../../training/models/choose-weights.ts'
import { FitError } from '../../../training/models/family.ts'
import type { Family } from '../../../training/models/family.ts'
import { mixOutputs } from '../../../training/models/mix.ts'
import { pooled } from '../../../training/models/pooled.ts'
import { silent } from '../../../training/monitor.ts'
import { prior } from '../../../training/models/prior.ts'
import { softmax } from '../../../training/models/softmax.ts'
import { checkModel } from '../../../training/onnx/check.ts'
import { createRunner } from '../../../training/onnx/run.ts'
import { startBackend } from '../../../training/tf/backend.ts'
import { buildProblem } from '../fit/build-problem.ts'
import type { TargetOf } from '../fit/build-problem.ts'

beforeAll(async () => {
  await startBackend('wasm')
})

/** A bend that softmax cannot see, and a slope. */
const side: TargetOf = ([first = 0, second = 0], random) =>
  random.next() < 1 / (1 + Math.exp(1 - 2 * first * first - second)) ? 1 : 0
const spend: TargetOf = ([first = 0], random) => random.exponential(Math.exp(-first))
const problem = buildProblem({
  targets: { side, spend },
  columns: 4,
  counts: { train: 900, validation: 600, test: 500 },
})
const small = (family: Family): Family => ({
  ...family,
  fit: (request) => family.fit({ ...request, settings: { ...request.settings, stepsMax: 300 } }),
})
const blend = createBlend({
  name: 'blend',
  parts: [softmax, pooled],
  familiesFor: () => [small(softmax), small(pooled)],
})
const broken: Family = {
  ...softmax,
  name: 'broken',
  fit: () =>
    Promise.reject(new FitError({ code: 'diverged', family: 'broken', step: 1, cause: 'it cannot' })),
}

describe('a blend', () => {
  it('answers no worse on validation than the better of its parts, each task by itself', async () => {
    const { test: _test, ...request } = problem
    const fitted = await blend.fit({ ...request, seed: 1 })
    const parts = await Promise.all(
      [softmax, pooled].map((family) => small(family).fit({ ...request, seed: 1 })),
    )
    for (const head of problem.shape.heads) {
      const targets = problem.validation.targets[head.task] ?? new Float32Array(0)
      const lossOf = async (model: typeof fitted) =>
        meanLoss(head, {
          output: (await model.logits(problem.validation))[head.task] ?? new Float32Array(0),
          targets,
        })
      const alone = await Promise.all(parts.map(lossOf))
      expect(await lossOf(fitted), head.task).toBeLessThanOrEqual(Math.min(...alone.map(Number)) + 1e-6)
    }
  })

  it('is one model that gives the same answers in ONNX Runtime', async () => {
    const { test, ...request } = problem
    const fitted = await blend.fit({ ...request, seed: 2 })
    const bytes = fitted.export()
    expect(checkModel(bytes).ok).toBe(true)
    const runner = await createRunner(bytes, inputSpecs(problem.shape.features))
    const served = await runner.run(test.inputs, test.count)
    const trained = await fitted.logits(test)
    for (const head of problem.shape.heads) {
      const { width, numbers } = { width: readerOf(head).width, numbers: readerOf(head) }
      const [mine, theirs] = [trained[head.task] ?? [], served[head.task] ?? []]
      expect(theirs).toHaveLength(test.count * width)
      for (let from = 0; from < mine.length; from += width) {
        const [one, other] = [mine, theirs].map((of) =>
          numbers.numbers(Array.from(of).slice(from, from + width)),
        )
        for (const [place, value] of (one ?? []).entries()) expect(other?.[place]).toBeCloseTo(value, 4)
      }
    }
    await runner.release()
  })

  it('is fitted finally with the families and weights that a rehearsal chose', async () => {
    const { test, validation, ...request } = problem
    const rehearsed = await blend.fit({ ...request, validation, seed: 3 })
    const final = await blend.fit({ ...request, stopAt: rehearsed.stoppedAt, seed: 3 })
    expect(final.stoppedAt).toEqual(rehearsed.stoppedAt)
    const [before, after] = [await rehearsed.logits(test), await final.logits(test)]
    for (const { task } of problem.shape.heads) {
      for (const [place, value] of (before[task] ?? []).entries())
        expect(after[task]?.[place]).toBeCloseTo(value, 3)
    }
  })

  it('asks for the families that the minutes suffice for, and keeps the minutes for the final fit', async () => {
    const { test: _test, validation, ...request } = problem
    const asked: number[] = []
    const timed = createBlend({
      parts: [],
      name: 'blend',
      familiesFor(_features, minutes) {
        asked.push(minutes)
        return minutes < 1 ? [prior] : [small(softmax)]
      },
    })
    const said: string[] = []
    const monitor = { ...silent, say: (line: string) => void said.push(line) }
    const settings = { minutesMax: 0.5 }
    const rehearsed = await timed.fit({ ...request, validation, seed: 1, settings, monitor })
    expect(said[0]).toBe('in so little time prior alone; with more (--minutes) also softmax')
    await timed.fit({
      ...request,
      stopAt: rehearsed.stoppedAt,
      seed: 1,
      settings: rehearsed.describe().settings,
    })
    expect(asked.filter(Number.isFinite)).toEqual([0.5, 0.5])
    expect(Object.keys(rehearsed.stoppedAt.parts ?? {})).toEqual(['prior'])
    await expect(timed.fit({ ...request, seed: 1, settings: { minute: 1 } })).rejects.toThrow('minute')
  })

  it('goes on without a part that fails, says so, and fails where all do', async () => {
    const { test: _test, ...request } = problem
    const said: string[] = []
    const monitor = {
      say: (line: string) => void said.push(line),
      track: () => ({ advance() {}, done() {} }),
    }
    const some = createBlend({
      name: 'blend',
      parts: [softmax, pooled],
      familiesFor: () => [broken, small(softmax)],
    })
    const fitted = await some.fit({ ...request, seed: 1, monitor })
    expect(Object.keys(fitted.stoppedAt.parts ?? {})).toEqual(['softmax'])
    expect(said.join('\n')).toContain('broken is left out')
    const none = createBlend({ name: 'blend', parts: [softmax, pooled], familiesFor: () => [broken] })
    await expect(none.fit({ ...request, seed: 1 })).rejects.toThrow(FitError)
  })

  it('goes on without a part that cannot be written as ONNX, and holds nothing of it', async () => {
    const { test: _test, ...request } = problem
    const said: string[] = []
    let isHeld = true
    const unwritten: Family = {
      ...small(softmax),
      name: 'unwritten',
      async fit(asked) {
        const fitted = await small(softmax).fit(asked)
        const [dispose, fail] = [() => void (isHeld = false), () => Promise.reject(new Error('asked for'))]
        return {
          ...fitted,
          logits: fail,
          dispose,
          export() {
            throw new Error('no such operator')
          },
        }
      },
    }
    const some = createBlend({ name: 'blend', parts: [], familiesFor: () => [unwritten, small(softmax)] })
    const monitor = { ...silent, say: (line: string) => void said.push(line) }
    const fitted = await some.fit({ ...request, seed: 1, monitor })
    expect(Object.keys(fitted.stoppedAt.parts ?? {})).toEqual(['softmax'])
    expect(checkModel(fitted.export()).ok).toBe(true)
    expect(said).toContain(
      'unwritten is left out: unwritten was fitted but cannot be written as ONNX: no such operator',
    )
    expect(isHeld).toBe(false)
  })

  it('fails in a final fit where a part fails that the rehearsal mixed: weights and calibration are of both', async () => {
    const { test: _test, validation: _validation, ...request } = problem
    const softly = { ...broken, name: 'pooled' }
    const some = createBlend({
      name: 'blend',
      parts: [softmax, pooled],
      familiesFor: () => [small(softmax), softly],
    })
    const epochs = Object.fromEntries(problem.shape.heads.map(({ task }) => [task, 1]))
    const weights = Object.fromEntries(problem.shape.heads.map(({ task }) => [task, 0.5]))
    const part = { stoppedAt: { epochs }, weights }
    const stopAt = { epochs, parts: { softmax: part, pooled: part } }
    await expect(some.fit({ ...request, seed: 1, stopAt })).rejects.toThrow('it cannot')
  })
})

describe('chooseWeights', () => {
  const [head] = problem.shape.heads
  if (head === undefined) throw new Error('The problem has no head')
  const targets = Float32Array.from({ length: 400 }, (_, row) => row % 2)
  /** Sure of the rows that it knows, and of nothing about the others. */
  const knowing = (knows: (row: number) => boolean) =>
    Float32Array.from({ length: 800 }, (_, place) => {
      const row = place >> 1
      return place % 2 === 0 || !knows(row) ? 0 : targets[row] === 1 ? 2 : -2
    })

  it('mixes models that know different things, and leaves out one that knows nothing', () => {
    const outputs = [knowing((row) => row < 200), knowing((row) => row >= 200), knowing(() => false)]
    const weights = chooseWeights(head, { outputs, targets })
    expect(weights[0]).toBeCloseTo(0.5, 1)
    expect(weights[1]).toBeCloseTo(0.5, 1)
    expect(weights[2]).toBe(0)
    expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 10)
  })

  it('takes one alone where a mix gains nothing', () => {
    const same = knowing((row) => row < 300)
    expect(chooseWeights(head, { outputs: [same, same], targets })).toEqual([1, 0])
  })

  it('mixes probabilities so that decode, which adds the bias, gives their mean', () => {
    const biased = { ...head, bias: [0, -1.5] } as typeof head
    const reader = readerOf(biased)
    const [one, other] = [Float32Array.of(0, 1), Float32Array.of(0.3, -2)]
    const mixed = mixOutputs(biased, [
      { output: one, weight: 0.25 },
      { output: other, weight: 0.75 },
    ])
    const wanted = reader
      .numbers(one)
      .map((share, k) => 0.25 * share + 0.75 * (reader.numbers(other)[k] ?? Number.NaN))
    for (const [k, share] of reader.numbers(mixed).entries())
      expect(share).toBeCloseTo(wanted[k] ?? Number.NaN, 5)
  })
})
