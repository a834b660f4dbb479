// What somebody told of files, which goes before what they look like.
import type { Holds } from './holds.ts'
import type { InspectedFile } from './inspect-file.ts'
import type { Roles } from './log-roles.ts'
import type { Decision } from './shape.ts'

export const KINDS = ['events', 'table'] as const
export type Kind = (typeof KINDS)[number]

export interface Told {
  readonly kind?: Kind | undefined
  /** A column by its name, as those that follow. */
  readonly user?: string | undefined
  readonly time?: string | undefined
  /** What came true. */
  readonly label?: string | undefined
  /** What files hold. */
  readonly holds?: Holds | undefined
}

/** So sure is what was told. */
const TOLD_SCORE = 2

/** The roles of a file's columns, with those that were told; a column has one role. */
export function withTold(
  roles: Roles,
  { file, told }: { readonly file: InspectedFile; readonly told: Told },
): Roles {
  const named = (name: string | undefined) => file.columns.find((column) => column.name === name)
  const [user, time, label] = [named(told.user), named(told.time), named(told.label)]
  const taken = new Set([user, time, label])
  const free = <Column>(column: Column): Column | undefined =>
    taken.has(column as (typeof roles)['user']) ? undefined : column
  return {
    user: user ?? free(roles.user),
    userScore: user === undefined ? roles.userScore : TOLD_SCORE,
    item: free(roles.item),
    time: time ?? free(roles.time),
    type: free(roles.type),
    label: label ?? free(roles.label),
    labelScore: label === undefined ? roles.labelScore : TOLD_SCORE,
  }
}

/** The same decisions, with the true reason of those that were told. */
export function becauseTold(decisions: readonly Decision[], told: Told): Decision[] {
  const isTold = ({ what, decided }: Decision): boolean =>
    what === 'kind' ? told.kind !== undefined : [told.user, told.time].includes(decided)
  return decisions.map((decision) => (isTold(decision) ? { ...decision, because: 'as told' } : decision))
}
