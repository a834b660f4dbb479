// Logs of events, with files of users, items and questions beside them, each written in a dialect of its own.
import * as fc from 'fast-check'
import type { Attribute } from '../../../../features/project.ts'
import { dialect } from './dialect.ts'
import { expectedOfLog } from './expected-log.ts'
import type { GeneratedCase } from './generated-case.ts'
import { projectOfLog } from './log-project.ts'
import { sheetsOfLog } from './log-sheets.ts'
import type { Attributed, LogTruth, VersionTruth } from './log-truth.ts'
import type { Cell } from './sheet.ts'
import {
  attributeNames,
  categoryValue,
  eventValue,
  freeText,
  itemId,
  moment,
  NOW_MS,
  numberValue,
  userId,
} from './values.ts'

const cellOf = { number: numberValue, category: categoryValue, text: freeText }

const cellsOf = (attributes: readonly Attributed[]): fc.Arbitrary<Cell[]> =>
  fc.tuple(...attributes.map(({ kind }) => fc.option<Cell>(cellOf[kind], { freq: 4 })))

const versionsOf = (
  id: fc.Arbitrary<string>,
  attributes: readonly Attributed[],
): fc.Arbitrary<VersionTruth[]> =>
  fc.uniqueArray(fc.record({ id, knownAt: fc.option(moment, { freq: 3 }), cells: cellsOf(attributes) }), {
    minLength: 1,
    maxLength: 5,
    selector: ({ id: of, knownAt }) => `${knownAt ?? 0} ${of}`,
  })

/** Differs from the others where rows have ids of their own. */
const eventId = fc.oneof(
  { weight: 3, arbitrary: fc.nat({ max: 9999 }).map((number) => `e${number}`) },
  { weight: 1, arbitrary: itemId },
)

const kinds = fc.constantFrom<Exclude<Attribute['kind'], 'vector'>>('number', 'category', 'text')

const truth: fc.Arbitrary<LogTruth> = fc
  .tuple(
    attributeNames({ minLength: 0, maxLength: 6 }),
    fc.array(kinds, { minLength: 6, maxLength: 6 }),
    fc.nat(),
    fc.uniqueArray(userId, { minLength: 1, maxLength: 4 }),
  )
  .chain(([names, drawnKinds, split, ids]) => {
    const attributes = names.map((name, index): Attributed => ({ name, kind: drawnKinds[index] ?? 'text' }))
    const [user, item, context] = [0, 1, 2].map((part) =>
      attributes.filter((_, index) => (index + split) % 3 === part),
    )
    const someone = fc.constantFrom(...ids)
    return fc.record({
      user: fc.constant(user ?? []),
      item: fc.constant(item ?? []),
      context: fc.constant(context ?? []),
      events: fc.uniqueArray(
        fc
          .record({
            id: eventId,
            type: fc.nat({ max: 3 }),
            userId: someone,
            itemId,
            value: eventValue,
            claimedAt: moment,
            delayMs: fc.option(fc.integer({ min: -100_000, max: 10_000_000 }), { freq: 2 }),
            context: cellsOf(context ?? []),
            user: cellsOf(user ?? []),
          })
          .map((event) => ({
            ...event,
            delayMs: event.delayMs === null ? null : Math.min(event.delayMs, NOW_MS - 1 - event.claimedAt),
          })),
        { minLength: 1, maxLength: 8, selector: ({ id }) => id },
      ),
      repeats: fc.array(fc.nat(), { maxLength: 2 }),
      users: fc.option(versionsOf(fc.oneof(someone, userId), user ?? []), { nil: undefined }),
      items: fc.option(versionsOf(itemId, item ?? []), { nil: undefined }),
      questions: fc.option(
        fc.uniqueArray(
          fc.record({
            userId: fc.oneof(someone, userId),
            at: moment,
            labels: fc.tuple(fc.nat({ max: 1 }), fc.option<number>(fc.nat({ max: 1 }), { freq: 3 })),
          }),
          { minLength: 1, maxLength: 4, selector: ({ userId: of, at }) => `${at} ${of}` },
        ),
        { nil: undefined },
      ),
      hasIds: fc.boolean(),
      hasReceived: fc.boolean(),
      isMapped: fc.boolean(),
      harm: fc.option(fc.nat(), { freq: 5, nil: undefined }),
      skipBadRows: fc.boolean(),
      dialects: fc.record({ events: dialect, users: dialect, items: dialect, questions: dialect }),
    })
  })

export const logCase: fc.Arbitrary<GeneratedCase> = truth.map((drawn) => {
  const sheets = sheetsOfLog(drawn)
  return {
    sheets: sheets.map(({ sheet }) => ({
      sheet,
      dialect: drawn.dialects[sheet.role === 'rows' ? 'events' : sheet.role],
    })),
    skipBadRows: drawn.skipBadRows,
    givesIds: drawn.hasIds,
    projectOf: (written) => projectOfLog(drawn, { sheets, written }),
    expectedOf: (written) => expectedOfLog(drawn, written),
  }
})
