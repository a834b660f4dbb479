import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { undated } from '../../features/attributes.ts'
import { category, defineProject, label } from '../../features/project.ts'
import type { UserRecord } from '../../training/data/data-set.ts'
import { crossValidate, describeFoldFault, parseFolds, stratifiedFolds } from '../../training/folds.ts'
import type { CrossValidationRequest } from '../../training/folds.ts'
import { answerMadeAgain } from '../../training/answer-test.ts'
import type { MomentPlan } from '../../training/moments/plan.ts'
import { familyByName } from '../../training/models/families.ts'
import type { Family } from '../../training/models/family.ts'
import { silent } from '../../training/monitor.ts'
import { buildTable } from './build-table.ts'
import { buildWorld, kiosk } from './build-world.ts'
import { describeTrainFault } from '../../training/train-fault.ts'

const project = defineProject({
  name: 'coloured',
  user: { colour: category() },
  tasks: { kind: label(['a', 'b']) },
})

/** Rows whose colour tells the kind, in other colours in every other row. */
function buildRows(count: number): UserRecord[] {
  return Array.from({ length: count }, (_, index) => {
    const kind = index % 4 < 2 ? 'a' : 'b'
    return {
      userId: `row-${index}`,
      versions: undated({ colour: `${kind}-${index % 2}` }),
      events: [],
      questions: [{ atMs: null, place: index, labels: { kind } }],
    }
  })
}

async function validate(overrides: Partial<CrossValidationRequest> = {}) {
  const validated = await crossValidate({
    project,
    data: buildTable(buildRows(240)),
    family: familyByName['softmax'] as Family,
    seed: 1,
    settings: { stepsMax: 200 },
    folds: 2,
    ...overrides,
  })
  if (!validated.ok) throw new Error(`Expected results, got ${JSON.stringify(validated.reason)}`)
  return validated.value
}

describe('crossValidate', () => {
  it('tests each row by a model that never saw it', async () => {
    const aucOf = async (folds: number | readonly number[]): Promise<unknown[]> =>
      (await validate({ folds })).folds.map((fold) => fold['kind']?.model['auc'])
    // Where all rows of a colour are in one fold, who never saw that fold cannot tell its rows apart.
    expect(await aucOf(buildRows(240).map((_, index) => index % 2))).toEqual([0.5, 0.5])
    // Where the colours are in both, they can.
    expect(await aucOf(2)).toEqual([1, 1])
  })

  it('tests each row once, and gives mean and deviation over the folds', async () => {
    const sizes = [100, 80, 60]
    const folds = sizes.flatMap((size, fold) => Array.from({ length: size }, () => 10 * fold))
    const { rows, foldCount, ...validated } = await validate({
      family: familyByName['prior'] as Family,
      folds,
    })
    expect([rows, foldCount]).toEqual([240, 3])
    expect(validated.folds.map((fold) => fold['kind']?.examples)).toEqual(sizes)
    const losses = validated.folds.map((fold) => Number(fold['kind']?.model['logLoss']))
    const mean = losses.reduce((sum, loss) => sum + loss) / 3
    const variance = losses.reduce((sum, loss) => sum + (loss - mean) ** 2, 0) / 2
    expect(validated.mean['kind']?.model['logLoss']).toBeCloseTo(mean, 12)
    expect(validated.deviation['kind']?.model['logLoss']).toBeCloseTo(Math.sqrt(variance), 12)
  })

  it('answers each fold by what was learned from all rows but its own, those of validation too', async () => {
    const rows = buildRows(240).map((row, index) => {
      const kind = index % 3 === 0 || index > 200 ? 'a' : 'b'
      return { ...row, questions: [{ atMs: null, place: index, labels: { kind } }] }
    })
    const folds = rows.map((_, index) => Number(index > 150))
    const family = familyByName['prior'] as Family
    const { answers } = await validate({ data: buildTable(rows), settings: {}, family, folds })
    const shareOfA = (fold: number): number => {
      const others = rows.filter((_, index) => folds[index] !== fold)
      const ofA = others.filter(({ questions }) => questions[0]?.labels['kind'] === 'a')
      return (ofA.length + 1) / (others.length + 2)
    }
    const told = answers.map(({ heads }) => heads.flatMap(({ prior }) => prior)[0])
    expect(told).toEqual([expect.closeTo(shareOfA(0), 9), expect.closeTo(shareOfA(1), 9)])
  })

  it('makes as many folds as are asked for, of as many rows', async () => {
    const { foldCount, folds } = await validate({
      settings: {},
      family: familyByName['prior'] as Family,
      folds: 5,
    })
    expect(foldCount).toBe(5)
    expect(folds.map((fold) => fold['kind']?.examples)).toEqual([48, 48, 48, 48, 48])
  })
})

describe('crossValidate of a log', () => {
  const world = buildWorld({
    users: 60,
    days: 30,
    planOf: (user) => (user % 2 === 0 ? 'a' : 'b'),
    buys: (plan) => (plan === 'a' ? 0.15 : 0.6),
  })
  const ofLog = (overrides: Partial<CrossValidationRequest>) =>
    validate({ project: kiosk, data: world, settings: { stepsMax: 60 }, ...overrides })

  it('tests every user once, with intervals around the means, and others on the same moments', async () => {
    const rivals = async (plan: MomentPlan) => {
      const nobody = { family: familyByName['prior'] as Family, seed: 1, finalFit: true }
      const made = await answerMadeAgain(nobody, { project: kiosk, data: world, plan })
      if (!made.ok) throw new Error(made.reason.code)
      return { nobody: made.value }
    }
    const { foldCount, tasks, mean } = await ofLog({ folds: 3, rivals, thresholds: [0.4] })
    const { buysNextDay } = tasks
    expect(foldCount).toBe(3)
    expect(buysNextDay?.users).toBe(60)
    expect(buysNextDay?.model).toMatchObject(mean['buysNextDay']?.model ?? {})
    for (const [metric, [low, high]] of Object.entries(buysNextDay?.intervals ?? {})) {
      const value = mean['buysNextDay']?.model[metric]
      if (typeof value !== 'number') continue
      expect(value, metric).toBeGreaterThanOrEqual(low - 1e-9)
      expect(value, metric).toBeLessThanOrEqual(high + 1e-9)
    }
    expect(Object.keys(buysNextDay?.intervals ?? {})).toEqual(
      expect.arrayContaining(['auc', 'logLoss', 'f1At0.4']),
    )
    for (const other of ['prior', 'nobody']) {
      expect(buysNextDay?.against[other]?.['logLoss']?.difference).toBeLessThan(0)
      expect(buysNextDay?.against[other]?.['logLoss']?.p).toBeLessThan(0.05)
    }
  })

  it('tests one stretch of time after the other', async () => {
    const { foldCount, folds } = await ofLog({
      settings: {},
      family: familyByName['prior'] as Family,
      folds: { origins: 2 },
    })
    expect(foldCount).toBe(2)
    expect(folds.map((fold) => Number(fold['buysNextDay']?.examples) > 100)).toEqual([true, true])
  })

  it('says how often the time could be cut where that is less often than asked', async () => {
    const said: string[] = []
    const { foldCount } = await ofLog({
      settings: {},
      family: familyByName['prior'] as Family,
      folds: { origins: 40 },
      examples: { train: 200, validation: 60, test: 60 },
      monitor: { ...silent, say: (line) => void said.push(line) },
    })
    expect(said).toContain(`${foldCount} folds in place of 40: the horizons fit no more often`)
  })

  it('is refused where there are fewer users than folds', async () => {
    const refused = await crossValidate({
      project: kiosk,
      data: world,
      family: familyByName['prior'] as Family,
      seed: 1,
      folds: 61,
    })
    expect(refused).toEqual({ ok: false, reason: { code: 'few_users', users: 60, folds: 61 } })
  })
})

describe('crossValidate of a class with fewer rows than folds', () => {
  it('is refused, with the class and what to do', async () => {
    const rows = buildRows(240).map((row, index) =>
      index === 7
        ? { ...row, questions: [{ atMs: null, place: 7, labels: { kind: 'b' } }] }
        : { ...row, questions: [{ atMs: null, place: index, labels: { kind: 'a' } }] },
    )
    const validated = await crossValidate({
      project,
      data: buildTable(rows),
      family: familyByName['prior'] as Family,
      seed: 1,
      folds: 5,
    })
    if (validated.ok) throw new Error('Expected a fault')
    expect(describeTrainFault(validated.reason)).toMatch(
      /^5 folds need as many rows of each class, but only 1 row says 'b': take fewer folds/,
    )
  })
})

describe('crossValidate of users of several rows', () => {
  const ofUsers = async (userOf: (index: number) => string, said: string[] = []) =>
    crossValidate({
      project,
      data: buildTable(buildRows(240).map((row, index) => ({ ...row, userId: userOf(index) }))),
      family: familyByName['prior'] as Family,
      seed: 1,
      folds: 5,
      monitor: { ...silent, say: (line) => void said.push(line) },
    })

  it('is refused where all rows of a class are of fewer users than folds', async () => {
    const validated = await ofUsers((index) => (index % 4 < 2 ? `user-${index}` : `user-${index % 2}`))
    if (validated.ok) throw new Error('Expected a fault')
    expect(describeTrainFault(validated.reason)).toMatch(
      /^5 folds need as many users of each class, .* all 120 rows that say 'b' are of 2 users: take fewer folds/,
    )
  })

  it('says so where one fold tests most of the rows', async () => {
    const said: string[] = []
    await ofUsers((index) => (index < 200 ? 'many' : `user-${index}`), said)
    expect(said.find((line) => line.includes('stay together'))).toMatch(
      /^fold \d tests 20\d of 240 rows, another \d+, though each counts the same: .* one has 200$/,
    )
    const even: string[] = []
    await ofUsers((index) => `user-${index}`, even)
    expect(even.join()).not.toContain('stay together')
  })
})

describe('crossValidate of rows of which some were skipped', () => {
  it('takes folds in the order of the rows that are left', async () => {
    const kept = buildRows(240).map((row, index) => ({
      ...row,
      questions: row.questions.map((question) => ({ ...question, place: 2 * index + 5 })),
    }))
    const folds = kept.map((_, index) => index % 2)
    const skipped = await validate({ data: buildTable(kept), folds })
    expect(skipped.folds).toEqual((await validate({ folds })).folds)
  })
})

describe('stratifiedFolds', () => {
  const anyLabels = fc.array(fc.nat(3), { minLength: 1, maxLength: 120 })

  it('puts each row into one of the folds, and as many rows of each class into each', () => {
    fc.assert(
      fc.property(anyLabels, fc.integer({ min: 2, max: 10 }), fc.nat(), (labels, foldCount, seed) => {
        const folds = stratifiedFolds(labels, { foldCount, seed })
        expect(folds).toHaveLength(labels.length)
        for (const of of [undefined, ...new Set(labels)]) {
          const rows = folds.filter((_, row) => of === undefined || labels[row] === of)
          const sizes = Array.from(
            { length: foldCount },
            (_, fold) => rows.filter((other) => other === fold).length,
          )
          expect(sizes.reduce((sum, size) => sum + size)).toBe(rows.length)
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        }
      }),
    )
  })

  it('mixes the rows, by the seed alone', () => {
    const labels = Array.from({ length: 60 }, () => 0)
    const folds = stratifiedFolds(labels, { foldCount: 3, seed: 1 })
    expect(stratifiedFolds(labels, { foldCount: 3, seed: 1 })).toEqual(folds)
    expect(stratifiedFolds(labels, { foldCount: 3, seed: 2 })).not.toEqual(folds)
    expect(folds).not.toEqual(labels.map((_, row) => row % 3))
  })
})

describe('stratifiedFolds of rows of which users have several', () => {
  it('puts all rows of a user into one fold', () => {
    const anyUsers = fc.array(fc.record({ rows: fc.integer({ min: 1, max: 5 }), label: fc.nat(2) }), {
      minLength: 3,
      maxLength: 60,
    })
    fc.assert(
      fc.property(anyUsers, fc.integer({ min: 2, max: 5 }), fc.nat(), (users, foldCount, seed) => {
        const rows = users.flatMap(({ rows: count, label: own }, user) =>
          Array.from({ length: count }, () => ({ userId: `user-${user}`, own })),
        )
        const folds = stratifiedFolds(
          rows.map(({ own }) => own),
          { foldCount, seed, userIds: rows.map(({ userId }) => userId) },
        )
        const byUser = new Map<string, Set<number>>()
        for (const [row, { userId }] of rows.entries()) {
          byUser.set(userId, (byUser.get(userId) ?? new Set()).add(folds[row] ?? -1))
        }
        expect([...byUser.values()].every(({ size }) => size === 1)).toBe(true)
      }),
    )
  })

  it('makes folds of users of mixed classes that differ by no more rows than two users have', () => {
    const anySizes = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 2, maxLength: 40 })
    fc.assert(
      fc.property(anySizes, fc.integer({ min: 2, max: 5 }), fc.nat(), (sizes, foldCount, seed) => {
        const userIds = sizes.flatMap((size, user) => Array.from({ length: size }, () => `user-${user}`))
        const folds = stratifiedFolds(
          userIds.map((_, row) => Math.floor(row / 3) % 2),
          { foldCount, seed, userIds },
        )
        const counts = Array.from(
          { length: foldCount },
          (_, fold) => folds.filter((of) => of === fold).length,
        )
        const ofOne = Math.max(...sizes)
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2 * ofOne)
      }),
    )
  })

  it('spreads classes evenly over the others, though one user has most rows, of all classes', () => {
    const userIds = Array.from({ length: 1_000 }, (_, row) => (row < 700 ? 'many' : `user-${row}`))
    const labels = userIds.map((_, row) => (row % 3 === 0 ? 1 : 0))
    const folds = stratifiedFolds(labels, { foldCount: 5, seed: 1, userIds })
    for (const fold of new Set(folds)) {
      const own = labels.filter((_, row) => folds[row] === fold)
      expect(own.filter((of) => of === 1).length / own.length).toBeCloseTo(1 / 3, 1)
    }
  })

  it('gives the folds it gave where each row is of a user of its own', () => {
    const labels = Array.from({ length: 100 }, (_, row) => row % 3)
    const userIds = labels.map((_, row) => `row-${row}`)
    expect(stratifiedFolds(labels, { foldCount: 5, seed: 1, userIds })).toEqual(
      stratifiedFolds(labels, { foldCount: 5, seed: 1 }),
    )
  })
})

describe('parseFolds', () => {
  it('reads a fold a line, with either end of line and an empty one at the end', () => {
    expect(parseFolds('0\r\n1\r\n0\r\n', 3)).toEqual({ ok: true, value: [0, 1, 0] })
    expect(parseFolds('7\n3', 2)).toEqual({ ok: true, value: [7, 3] })
  })

  it.each([
    ['0\none\n1', 3, "Fold file, line 2: expected a fold number, got 'one'"],
    ['0\n\n1', 3, "Fold file, line 2: expected a fold number, got ''"],
    ['0\n-1', 2, "Fold file, line 2: expected a fold number, got '-1'"],
    ['0\n1.5', 2, "Fold file, line 2: expected a fold number, got '1.5'"],
    ['', 3, "Fold file, line 1: expected a fold number, got ''"],
    ['0\n1', 3, 'The fold file has 2 lines, the data 3 labelled rows'],
    ['1\n1\n1', 3, 'The fold file names only one fold'],
  ])('refuses %j for %d rows', (text, rowCount, message) => {
    const parsed = parseFolds(text, rowCount)
    expect(parsed.ok ? 'folds' : describeFoldFault(parsed.reason)).toBe(message)
  })
})
