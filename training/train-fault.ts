// Why nothing was trained, and the one line that says so.
import { plural } from './told-numbers.ts'
import { describeShortage } from './heads/describe-shortage.ts'
import { describeFitFault } from './models/family.ts'
import { familyByName } from './models/families.ts'
import { describeMomentFault } from './moments/moment-fault.ts'
import type { MomentFault } from './moments/moment-fault.ts'
import { PARITY_MAX } from './prove.ts'
import type { RehearsalFault } from './rehearse.ts'

/** A class of which there is less than a user for every fold; in a table mostly each row is one. */
export interface SmallClass {
  readonly code: 'small_class'
  readonly value: string
  readonly rows: number
  readonly users: number
  readonly folds: number
}

export type TrainFault =
  | MomentFault
  | RehearsalFault
  | SmallClass
  | { readonly code: 'few_users'; readonly users: number; readonly folds: number }
  | { readonly code: 'unknown_family'; readonly family: string }

/** One line that says what is wrong and what is needed. */
export function describeTrainFault(fault: TrainFault): string {
  switch (fault.code) {
    case 'too_few':
      return `No task can be learned. ${fault.shortages.map(describeShortage).join('. ')}`
    case 'diverged':
    case 'not_exported':
    case 'not_monotone':
      return describeFitFault(fault)
    case 'unknown_family':
      return `There is no family '${fault.family}'; there are ${Object.keys(familyByName).join(', ')}`
    case 'small_class':
      return describeSmallClass(fault)
    case 'few_users':
      return `${fault.folds} folds need as many users, and there are ${fault.users}: take fewer folds (--folds)`
    case 'no_inputs':
      return 'There is nothing to learn from: the project declares no attribute and no event. Declare columns that are known when you ask (user: { plan: category() })'
    case 'parity':
      return `Training and ONNX Runtime differ by ${fault.difference}; at most ${PARITY_MAX} is allowed. No bundle was written`
    case 'too_short':
    case 'received_late':
    case 'empty_part':
    case 'no_events':
    case 'no_labelled_rows':
    case 'row_without_time':
    case 'rows_without_times':
    case 'lies_in_1970':
      return describeMomentFault(fault)
  }
}

function describeSmallClass({ value, rows, users, folds }: SmallClass): string {
  const remedy = `take fewer folds (--folds), gather more such rows, or leave that value out of the label and its rows out of the data`
  if (users === rows) {
    return `${folds} folds need as many rows of each class, but only ${rows} ${rows === 1 ? 'row says' : 'rows say'} '${value}': ${remedy}`
  }
  return `${folds} folds need as many users of each class, for rows of a user stay together, but all ${rows} rows that say '${value}' are of ${plural(users, 'user')}: ${remedy}`
}
