import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { TaskResult } from '../../../training/card.ts'
import { cardPage } from '../../../training/card-page/card-page.ts'
import { toldOfCard } from '../../../training/card-page/told.ts'
import type { Told } from '../../../training/card-page/told.ts'
import { NO_FILES } from '../../../training/data/report/report.ts'
import type { Quality } from '../../../training/quality/quality.ts'
import { buildCard } from '../build-bundle.ts'

const yes: TaskResult = {
  examples: 1_200,
  users: 400,
  basis: 'model',
  model: {
    logLoss: 0.3,
    auc: 0.81,
    liftAt1: 4,
    predictedMean: 0.096,
    actualMean: 0.063,
    thresholdBest: 0.25,
    precisionAtBest: 0.5,
    f1AtBest: 0.45,
    perUser: { logLoss: 0.31 },
  },
  prior: { logLoss: 0.4, auc: 0.5 },
  intervals: { logLoss: [0.28, 0.32], auc: [0.78, 0.84] },
  against: { prior: { logLoss: { difference: -0.1, interval: [-0.12, -0.08], p: 0.002 } } },
  draws: 1_000,
}

const quality: Quality = {
  slices: [
    {
      name: 'user.plan = basic',
      examples: 300,
      users: 150,
      gain: 0.1,
      told: 0.2,
      came: 0.1,
      order: 0.7,
      marks: ['worth_less', 'told_too_much'],
    },
    { name: 'user.plan = rare', examples: 30, users: 15, gain: 0.1, told: 0.2, came: 0.1, marks: ['small'] },
  ],
  perMoment: {
    reliability: [{ told: 0.1, came: 0.08, low: 0.05, high: 0.11, share: 1 }],
    roc: { x: [0, 0.5, 1], y: [0, 0.9, 1] },
    precisionRecall: { x: [0.2, 1], y: [0.7, 0.1] },
    gain: { x: [0, 1], y: [0, 1] },
    confusion: {
      classes: ['no', 'yes'],
      counts: [
        [1_000, 50],
        [100, 50],
      ],
    },
  },
}

const build = (overrides: Partial<Told> = {}): Told => ({
  project: 'gym',
  family: 'pooled',
  seed: 1,
  bundle: '0123456789abcdef',
  command: 'npx presage train gym --data gym.csv',
  data: NO_FILES,
  undated: [],
  split: 'by time',
  tasks: { buysWithin7Days: yes },
  quality: { buysWithin7Days: quality },
  shortages: [],
  versions: { presage: '0.1.0' },
  ...overrides,
})

/** Everything between tags, as it reads. */
const textOf = (page: string): string =>
  page
    .replace(/<style>.*?<\/style>/s, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')

describe('cardPage', () => {
  it('tells metrics with their ranges, the prior, what was told and came, and the command', () => {
    const text = textOf(cardPage(build()))
    expect(text).toContain('0.300 0.280 – 0.320 0.400 0.310')
    expect(text).toContain('25.0 % 20.0 % – 30.0 %')
    expect(text).toContain('9.6 % 6.3 %')
    expect(text).toContain('npx presage train gym --data gym.csv')
    expect(text).toContain('bundle 0123456789abcdef')
  })

  it('tells what the answer goes by, the greatest first', () => {
    const importance = [
      { part: 'user.plan', mean: 0.123 },
      { part: 'history.<b>cart', mean: 0.01 },
      { part: 'user.noise', mean: 0 },
    ]
    const text = textOf(cardPage(build({ importance: { buysWithin7Days: importance } })))
    expect(text).toMatch(
      /What the answer goes by .* user\.plan 12\.\d+ points history\.&lt;b&gt;cart 1\.\d+ points/,
    )
    expect(text).not.toContain('user.noise')
  })

  it('marks slices that are worse, those first, and says of few users that they are few', () => {
    const text = textOf(cardPage(build()))
    expect(text).toMatch(/user\.plan = basic worth less told too much/)
    expect(text).toMatch(/user\.plan = rare few users/)
    expect(text).toContain('Some slices are worth less than the whole, or are off: see buysWithin7Days')
  })

  it('names limits: undated attributes, rare outcomes, tasks that the prior answers, few users, little support', () => {
    const unsure: TaskResult = { ...yes, basis: 'prior', users: 20 }
    const shortage = { task: 'leaves', outcome: 'yes', count: 3, known: 900, needed: 25 }
    const text = textOf(
      cardPage(
        build({ undated: ['user.plan'], shortages: [shortage], tasks: { leaves: unsure }, quality: {} }),
      ),
    )
    expect(text).toContain('may tell the future: user.plan')
    expect(text).toContain('Answered by the prior, for want of skill or of examples: leaves')
    expect(text).toContain('Too rare to learn')
    expect(text).toContain('fewer than 200 users')
    const trained = textOf(cardPage(toldOfCard(buildCard(), { bundle: 'b' })))
    expect(trained).toMatch(/fewer than 10 moments of training[^]*the prior answers/)
  })

  it('is whole for a card without metrics, as one of an older bundle', () => {
    const page = cardPage(toldOfCard(buildCard(), { bundle: 'b' }))
    expect(page).toContain('</html>')
    expect(page).not.toMatch(/undefined|NaN/)
  })

  it('is made of the same tags whatever names and texts say: all are escaped', () => {
    const tagsOf = (page: string): string[] =>
      (page.match(/<[^>]*>/g) ?? []).map((tag) => tag.replaceAll(/"[^"]*"/g, '""'))
    const pageWith = (text: string): string =>
      cardPage(
        build({
          project: text,
          command: text,
          undated: [text],
          versions: { presage: text },
          tasks: { [`task ${text}`]: yes },
          quality: {
            [`task ${text}`]: {
              ...quality,
              slices: quality.slices.map((slice) => ({ ...slice, name: text })),
              perMoment: {
                ...quality.perMoment,
                confusion: {
                  classes: [text, text],
                  counts: [
                    [1, 2],
                    [3, 4],
                  ],
                },
              },
            },
          },
          data: {
            ...NO_FILES,
            attributes: [{ name: text, kind: 'category', rows: 2, present: 1, distinct: 1 }],
          },
        }),
      )
    const plain = tagsOf(pageWith('plain'))
    const nasty = fc.oneof(
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "' onclick='x",
        '</style>',
        '&lt;',
        '\u0000',
      ),
      fc.string({ unit: 'grapheme' }),
    )
    fc.assert(
      fc.property(nasty, (text) => {
        expect(tagsOf(pageWith(text))).toEqual(plain)
      }),
    )
  })

  it('needs nothing from elsewhere, and runs nothing', () => {
    const page = cardPage(build())
    expect(page).not.toMatch(/<script|<link|<img|src=|url\(|https?:/)
    expect(page).toContain("default-src 'none'")
  })
})
