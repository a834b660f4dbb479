// The declaration of sequences: a line for each user, with items in the order of time.
import { quoteText } from '../../training/data/database.ts'
import type { SequencesShape } from '../../training/inspect/shape.ts'
import { START_S } from '../../training/inspect/time-expression.ts'
import { literalOf } from './typescript-text.ts'
import type { Entry } from './typescript-text.ts'
import { fileEntries, readingEntries } from './write-columns.ts'
import type { Declared } from './declared.ts'

/** So long a look ahead is asked about at most, in steps. */
const STEPS_MAX = 1_000

export function writeSequences(
  { file, delimiter, lengthMean }: SequencesShape,
  { namesFiles }: { readonly namesFiles: boolean },
): Declared {
  const parts =
    delimiter === ' '
      ? "regexp_split_to_array(trim(line), ' +')"
      : `string_split(trim(line), ${quoteText(delimiter)})`
  const steps = Math.max(2, Math.min(STEPS_MAX, Math.round(lengthMean)))
  const events: Entry[] = [
    ...fileEntries(file, namesFiles),
    ...readingEntries(file.reading),
    { comment: 'A line is a user and then items: an event for each of these.' },
    { name: 'each', value: literalOf(`${parts}[2:]`) },
    { name: 'type', value: literalOf("'interaction'") },
    { name: 'userId', value: literalOf(`${parts}[1]`) },
    { name: 'itemId', value: literalOf('each') },
    { comment: 'The file has no times: their order is all there is, and a step counts as a minute.' },
    { name: 'occurredAt', value: literalOf(`${START_S} + 60 * "presage place"`) },
    { name: 'timeUnit', value: literalOf('s') },
  ]
  return {
    about: 'Sequences: a line for each user, with items in the order of time.',
    members: [
      { name: 'events', value: { object: [{ name: 'interaction', value: '{ item: true }' }] } },
      { comment: 'Minutes are steps, so what comes next is asked right after one.' },
      { name: 'asked', value: literalOf('afterEvents') },
      {
        name: 'tasks',
        value: {
          object: [
            { name: 'ends', value: 'absent({ withinMinutes: 1 })' },
            { name: `stepsWithin${steps}`, value: `count('interaction', { withinMinutes: ${steps} })` },
          ],
        },
      },
      {
        name: 'source',
        value: {
          object: [
            { name: 'kind', value: literalOf('events') },
            { name: 'events', value: { list: [{ value: { object: events } }] } },
          ],
        },
      },
    ],
  }
}
