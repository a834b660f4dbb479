// Moments from labelled rows: a table, or a file of questions about users with a history.
import type { Random } from '../../features/random.ts'
import type { Question } from '../data/data-set.ts'
import type { Moment } from './moment.ts'
import { partAt } from './plan.ts'
import type { MomentPlan } from './plan.ts'

/** The moments of one user's rows, in the order of the file. */
export function momentsFromRows(
  questions: readonly Question[],
  { plan, random }: { readonly plan: MomentPlan; readonly random: Random },
): Moment[] {
  return questions.flatMap(({ place, atMs, labels }): Moment[] => {
    const drawn = random.next()
    const part = plan.partOfRow === undefined ? partAt(plan, atMs ?? 0) : plan.partOfRow[place]
    if (part === undefined || drawn >= (plan.parts[part]?.sampling.rowRate ?? 1)) return []
    return [{ part, atMs: atMs ?? 0, from: 'row', isFirst: false, row: { place, labels } }]
  })
}
