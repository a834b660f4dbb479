// What each column of a file would be, were it a log; and whether it is one.
import type { Column } from './column.ts'
import type { InspectedFile } from './inspect-file.ts'
import { hintOf } from './name-words.ts'
import { rankItems, rankLabels, rankTimes, rankTypes, rankUsers, SURE } from './roles.ts'

/** A user has several rows, or a file is no log. */
const DISTINCT_SHARE_MAX = 0.8

export interface Roles {
  readonly user: Column | undefined
  readonly userScore: number
  readonly item: Column | undefined
  readonly time: Column | undefined
  readonly type: Column | undefined
  readonly label: Column | undefined
  readonly labelScore: number
}

export function rolesOf({ columns }: InspectedFile): Roles {
  const user = rankUsers(columns)[0]
  const times = rankTimes(columns)
  const label = rankLabels(columns.filter((column) => column !== user?.column))[0]
  const type = rankTypes(
    columns.filter((column) => column !== label?.column || hintOf(column.name, 'type') === 1),
  )[0]?.column
  const others = columns.filter((column) => column !== type)
  return {
    user: user?.column,
    userScore: user?.score ?? 0,
    item: rankItems(others, user?.column)[0]?.column,
    time: times[0]?.column,
    type,
    label: label?.column === type ? undefined : label?.column,
    labelScore: label?.score ?? 0,
  }
}

/** Whether the file is a log by itself: users who come again, at moments, or at least with items. */
export function isLog(file: InspectedFile, { user, userScore, item, time, type }: Roles): boolean {
  if (user === undefined || user.distinctCount < 2) return false
  const comesAgain = user.distinctCount <= DISTINCT_SHARE_MAX * file.rowCount
  if (!comesAgain) return false
  if (time !== undefined) return userScore >= SURE || type !== undefined || item !== undefined
  return item !== undefined && userScore >= SURE && hintOf(item.name, 'item') > 0
}
