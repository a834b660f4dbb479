// The tasks of a log: what is asked of its users, and by when.
import { withinOf } from '../../training/inspect/horizon.ts'
import { saysDegree, saysGoal } from '../../training/inspect/name-words.ts'
import type { EventsShape, EventType } from '../../training/inspect/shape.ts'
import { labelEventName } from './write-log-part.ts'
import { literalOf, taskWord } from './typescript-text.ts'
import type { Entry } from './typescript-text.ts'

/** A type that is so much of what may be asked about: that it comes is that anything comes. */
const MOSTLY_SHARE = 0.98

/** A type of the whole log. */
export type Type = Pick<EventType, 'name' | 'item' | 'value' | 'count'>

/** @param types of all parts */
export function tasksOf({ horizonMs, parts, doneByAll }: EventsShape, types: readonly Type[]): Entry[] {
  const { option, suffix, words } = withinOf(horizonMs)
  const labelNames = parts.map(labelEventName)
  const plain = types.filter(({ name }) => !labelNames.includes(name))
  const total = plain.reduce((sum, { count }) => sum + count, 0)
  const open = plain.filter(({ name }) => !doneByAll.includes(name))
  const openTotal = open.reduce((sum, { count }) => sum + count, 0)
  const mostly = open.find(({ count }) => count >= MOSTLY_SHARE * openTotal)
  const told = open.filter((type) => type !== mostly)
  const goals = told
    .filter(({ name, count }) => saysGoal(name) && count >= 0.002 * total)
    .toSorted((a, b) => a.count - b.count)
    .slice(0, 2)
  const rarest = told.filter(({ count }) => count >= 0.02 * total).toSorted((a, b) => a.count - b.count)[0]
  const asked = goals.length > 0 ? goals : rarest === undefined ? [] : [rarest]
  // That a type comes which is nearly all there is, and that nothing comes, are one question.
  const reached = mostly !== undefined && saysGoal(mostly.name) ? [mostly] : []
  const summed = [...reached, ...goals, ...plain].find(({ value }) => value)
  const adds = !parts.some(
    ({ value, types: own }) =>
      value !== undefined && saysDegree(value.name) && own.some(({ name }) => name === summed?.name),
  )
  return [
    {
      comment: `Horizons of ${words}: by then most have come back who do; edit them to what you can act on.`,
    },
    ...(reached.length > 0 ? [] : [{ name: `leaves${suffix}`, value: `absent(${option})` }]),
    ...(open.length > 1 && mostly === undefined
      ? [{ name: 'nextAction', value: `nextEvent(${option})` }]
      : []),
    ...[...reached, ...asked].map(({ name }): Entry => ({
      name: `${taskWord(name)}${suffix}`,
      value: `occurs(${literalOf(name)}, ${option})`,
    })),
    ...(summed === undefined
      ? []
      : [
          {
            name: `${taskWord(summed.name)}${adds ? 'Total' : 'Count'}${suffix}`,
            value: `${adds ? 'total' : 'count'}(${literalOf(summed.name)}, ${option})`,
          },
        ]),
    ...labelNames.flatMap((name): Entry[] =>
      name === undefined
        ? []
        : [{ name: `${name}${suffix}`, value: `occurs(${literalOf(name)}, ${option})` }],
    ),
  ]
}
