import { assert, asyncProperty, integer } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEncoder, inputSpecs } from '../../../features/encode.ts'
import { label } from '../../../features/project.ts'
import { createRandom } from '../../../features/random.ts'
import type { ExampleSet } from '../../../training/examples/example-set.ts'
import { createExampleCollector } from '../../../training/examples/example-set.ts'
import { createHeads } from '../../../training/heads/create-heads.ts'
import { learnTexts } from '../../../training/learn/text-statistics.ts'
import { familyByName } from '../../../training/models/families.ts'
import type { Family, FitRequest, ModelShape } from '../../../training/models/family.ts'
import { ngrams } from '../../../training/models/ngrams.ts'
import { prior } from '../../../training/models/prior.ts'
import { withTextScores } from '../../../training/models/with-text-scores.ts'
import { checkModel } from '../../../training/onnx/check.ts'
import { createRunner } from '../../../training/onnx/run.ts'
import { parityOf, PARITY_MAX } from '../../../training/prove.ts'
import { buildFeatures, buildRequest } from '../../features/generated.ts'

const tasks = { likes: label(['no', 'yes']), mood: label(['sad', 'calm', 'glad']) }

interface Row {
  readonly text: string | null
  readonly likes: number
  readonly mood: number
}

/** Examples of these rows, whose n-grams are learned from all of them. */
function problemOf(rows: readonly Row[]): { shape: ModelShape; examples: ExampleSet } {
  const features = buildFeatures({
    sequenceLength: 0,
    items: [],
    itemCategories: [],
    historyNumbers: [],
    categories: [],
    texts: learnTexts([{ name: 'about', origin: 'user', documents: rows.flatMap(({ text }) => text ?? []) }]),
  })
  const encode = createEncoder(features)
  const collector = createExampleCollector({ inputs: inputSpecs(features), tasks: Object.keys(tasks) })
  for (const [row, { text, likes, mood }] of rows.entries()) {
    const encoded = encode(
      buildRequest({ user: [{ knownAt: 0, attributes: { about: text, age: row % 50 } }] }),
    )
    const targets = { likes, mood }
    collector.add({ encoded, targets, userId: `u${row}`, atMs: 0, isFirst: false, from: 'row' })
  }
  const examples = collector.finish()
  const project = { name: 'p', events: {}, user: {}, item: {}, context: {}, tasks } as never
  const heads = createHeads(project, { targets: examples.targets, newcomerTargets: {} })
  if (!heads.ok) throw new Error('too few')
  return { shape: { features, heads: heads.value.heads }, examples }
}

const random = createRandom(4)
const pick = (words: readonly string[]) => words[random.integer(words.length)] ?? ''

/** Texts that say what came true, four times in five. */
function tellingRows(count: number): Row[] {
  return Array.from({ length: count }, () => {
    const likes = random.integer(2)
    const mood = random.integer(3)
    const isTold = random.next() < 0.8
    const told = isTold
      ? [['awful', 'lovely'][likes], ['tears', 'peace', 'joy'][mood]].join(' and ')
      : 'so so'
    return { text: random.next() < 0.1 ? null : `it was ${pick(['a', 'the'])} ${told}`, likes, mood }
  })
}

/** What a family was given to learn from, and what it was asked. */
function spy(): { family: Family; seen: FitRequest[] } {
  const seen: FitRequest[] = []
  return {
    seen,
    family: {
      ...prior,
      fit: (request) => {
        seen.push(request)
        return prior.fit(request)
      },
    },
  }
}

const rowsOf = (numbers: ArrayLike<number> | undefined, count: number) => {
  const width = (numbers?.length ?? 0) / count
  return Array.from({ length: count }, (_, row) =>
    Array.from(numbers ?? []).slice(row * width, (row + 1) * width),
  )
}

describe('withTextScores', () => {
  it('gives scores as numbers before the others, and tells how freely each task was told', async () => {
    const { shape, examples } = problemOf(tellingRows(300))
    const { family, seen } = spy()
    const fitted = await withTextScores(family).fit({ shape, train: examples, validation: examples, seed: 1 })
    const [request] = seen
    expect(request?.shape.features.historyNumbers.map(({ name }) => name)).toEqual([
      'text:likes:1',
      'text:mood:0',
      'text:mood:1',
      'text:mood:2',
    ])
    const before = rowsOf(examples.inputs['numbers'], examples.count)
    expect(rowsOf(request?.train.inputs['numbers'], examples.count).map((row) => row.slice(4))).toEqual(
      before,
    )
    expect(Object.values(fitted.stoppedAt.texts ?? {}).every((weight) => weight > 0)).toBe(true)
  })

  it('scores an example by models that have not seen its user: what they learned by heart is not told', async () => {
    // Each three users share a word that nobody else has, and what came true is chance.
    const rows = Array.from({ length: 300 }, (_, row): Row => {
      return { text: `word${Math.floor(row / 3)} common`, likes: random.integer(2), mood: random.integer(3) }
    })
    const { shape, examples } = problemOf(rows)
    const stopAt = { epochs: {}, texts: { likes: 30, mood: 0 } }
    const { family, seen } = spy()
    await withTextScores(family).fit({ shape, train: examples, stopAt, seed: 1 })
    const scores = rowsOf(seen[0]?.train.inputs['numbers'], 300).map(([score = 0]) => score)
    const fitted = await withTextScores(ngrams).fit({ shape, train: examples, stopAt, seed: 1 })
    const { likes = [] } = await fitted.logits(examples)
    const seenScores = rowsOf(likes, 300).map(([no = 0, yes = 0]) => yes - no)
    const right = (of: readonly number[]): number => {
      const middle = of.reduce((sum, score) => sum + score, 0) / of.length
      return of.filter((score, row) => score > middle === (rows[row]?.likes === 1)).length / of.length
    }
    expect(right(seenScores)).toBeGreaterThan(0.7)
    expect(right(scores)).toBeLessThan(0.6)
  })

  it('leaves a family alone where texts tell nothing, or there are none', async () => {
    const chance = Array.from({ length: 200 }, (): Row => {
      return { text: pick(['red', 'blue', 'green']), likes: random.integer(2), mood: random.integer(3) }
    })
    const { shape, examples } = problemOf(chance)
    const validation = problemOf(chance.map((row) => ({ ...row, likes: 1 - row.likes, mood: 0 }))).examples
    const { family, seen } = spy()
    const request = {
      shape: { ...shape, heads: shape.heads.slice(0, 1) },
      train: examples,
      validation,
      seed: 1,
    }
    const fitted = await withTextScores(family).fit(request)
    expect(seen[0]).toEqual(request)
    expect(fitted.stoppedAt.texts).toEqual({ likes: 0 })
  })

  it.each(['ngrams', 'trees', 'softmax'])(
    'answers alike in training and in ONNX Runtime, with %s',
    async (name) => {
      await assert(
        asyncProperty(integer({ min: 1, max: 1_000 }), async (seed) => {
          const { shape, examples } = problemOf(tellingRows(120))
          const stopAt = { epochs: { likes: 2, mood: 2 }, texts: { likes: 3, mood: seed % 2 } }
          const fitted = await familyByName[name]?.fit({ shape, train: examples, stopAt, seed })
          const model = fitted?.export() ?? new Uint8Array()
          expect(checkModel(model)).toMatchObject({ ok: true })
          const runner = await createRunner(model, inputSpecs(shape.features))
          const right = await runner.run(examples.inputs, examples.count).finally(() => runner.release())
          const left = (await fitted?.logits(examples)) ?? {}
          expect(parityOf(shape.heads, { rows: examples.count, left, right })).toBeLessThan(PARITY_MAX)
          fitted?.dispose()
        }),
        { numRuns: 3 },
      )
    },
  )
})
