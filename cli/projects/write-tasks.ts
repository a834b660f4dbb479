// The tasks of a log: what is asked of its users, and by when.
import { withinOf } from '../../training/inspect/horizon.ts'
import type { EventsShape, EventType } from '../../training/inspect/shape.ts'
import { labelEventName } from './write-log-part.ts'
import { literalOf, taskWord } from './typescript-text.ts'
import type { Entry } from './typescript-text.ts'

/** Types by which somebody reaches what a team is after. */
const GOAL =
  /purchase|buy|bought|order|pay|checkout|transaction|convert|subscri|clickout|sign ?up|register|complete|book|deposit|take/i

/** A type of the whole log. */
export type Type = Pick<EventType, 'name' | 'item' | 'value' | 'count'>

/** @param types of all parts */
export function tasksOf({ horizonMs, parts, doneByAll }: EventsShape, types: readonly Type[]): Entry[] {
  const { option, suffix, words } = withinOf(horizonMs)
  const labelNames = parts.map(labelEventName)
  const plain = types.filter(({ name }) => !labelNames.includes(name))
  const total = plain.reduce((sum, { count }) => sum + count, 0)
  const open = plain.filter(({ name }) => !doneByAll.includes(name))
  const goals = open
    .filter(({ name, count }) => GOAL.test(name) && count >= 0.002 * total)
    .toSorted((a, b) => a.count - b.count)
    .slice(0, 2)
  const rarest = open.filter(({ count }) => count >= 0.02 * total).toSorted((a, b) => a.count - b.count)[0]
  const asked = goals.length > 0 ? goals : plain.length > 1 && rarest !== undefined ? [rarest] : []
  const summed = [...goals, ...plain].find(({ value }) => value)
  return [
    {
      comment: `Horizons of ${words}: by then most have come back who do; edit them to what you can act on.`,
    },
    // Of one type alone, that it occurs is the same question.
    ...(plain.length === 1 && goals.length === 1
      ? []
      : [{ name: `leaves${suffix}`, value: `absent(${option})` }]),
    ...(plain.length > 1 ? [{ name: 'nextAction', value: `nextEvent(${option})` }] : []),
    ...asked.map(({ name }): Entry => ({
      name: `${taskWord(name)}${suffix}`,
      value: `occurs(${literalOf(name)}, ${option})`,
    })),
    ...(summed === undefined
      ? []
      : [
          {
            name: `${taskWord(summed.name)}Total${suffix}`,
            value: `total(${literalOf(summed.name)}, ${option})`,
          },
        ]),
    ...labelNames.flatMap((name): Entry[] =>
      name === undefined
        ? []
        : [{ name: `${name}${suffix}`, value: `occurs(${literalOf(name)}, ${option})` }],
    ),
  ]
}
