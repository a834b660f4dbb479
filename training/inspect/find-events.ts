// Files as a log of events: the main file of events, others with the same users, and what stands beside.
import type { Role } from '../data/files/data-path.ts'
import type { Database } from '../data/database.ts'
import { joinsOf } from './beside.ts'
import type { Joined } from './beside.ts'
import type { Column } from './column.ts'
import { besideOf, labelOf } from './describe-beside.ts'
import { mayHold, roleToldOf } from './holds.ts'
import type { InspectedFile } from './inspect-file.ts'
import { readLogPart } from './log-part.ts'
import { isLog, rolesOf } from './log-roles.ts'
import type { Roles } from './log-roles.ts'
import { measureTime } from './log-time.ts'
import { logWarnings } from './log-warnings.ts'
import { typesDoneByAll } from './done-by-all.ts'
import { hintOf } from './name-words.ts'
import type { EventsShape, Warning } from './shape.ts'
import { withTold } from './told.ts'
import type { Told } from './told.ts'

export interface FoundEvents {
  readonly shape: EventsShape
  readonly warnings: readonly Warning[]
  readonly unused: readonly { readonly file: string; readonly because: string }[]
  readonly main: { readonly roles: Roles; readonly file: InspectedFile }
  readonly joins: readonly Joined[]
}

/** Undefined where no file is a log. */
export async function findEvents(
  database: Database,
  { files, told }: { readonly files: readonly InspectedFile[]; readonly told: Told },
): Promise<FoundEvents | undefined> {
  const all = files.map((file) => ({ file, roles: withTold(rolesOf(file), { file, told }) }))
  const { holds } = told
  const may = (file: InspectedFile, ...roles: readonly Role[]): boolean => mayHold(file, { roles, holds })
  const saysEvents = (file: InspectedFile): boolean => roleToldOf(file, holds) === 'events'
  const logs = all.filter(
    ({ file, roles }) =>
      may(file, 'events') && (told.kind === 'events' || saysEvents(file) || isLog(file, roles)),
  )
  const scoreOf = ({ file, roles }: (typeof all)[number]): number =>
    (roles.userScore + (roles.time === undefined ? 0 : 1) + (roles.item === undefined ? 0 : 0.5)) *
    Math.log2(1 + file.rowCount)
  const main = logs.toSorted(
    (a, b) => Number(saysEvents(b.file)) - Number(saysEvents(a.file)) || scoreOf(b) - scoreOf(a),
  )[0]
  if (main?.roles.user === undefined) return undefined
  const userColumn = main.roles.user
  const others = all.filter(({ file }) => file !== main.file)
  const joins: Joined[] = []
  const unused: { file: string; because: string }[] = []
  const ofUsers = await joinsOf(database, {
    main: main.file,
    column: userColumn,
    role: 'user',
    holds,
    others: others.map(({ file }) => file).filter((file) => may(file, 'users', 'questions')),
  })
  const usersJoin = ofUsers.find(({ file }) => may(file, 'users'))
  const hasLabel = ({ file, key }: Joined): boolean => labelOf(file, { key, label: told.label }) !== undefined
  const labelsJoin = ofUsers.find((join) => hasLabel(join) && join.key.length === usersJoin?.key.length)
  joins.push(...new Set([usersJoin, labelsJoin].filter((join) => join !== undefined)))
  const userKey = usersJoin?.logKey ?? [userColumn]
  const rest = others.filter(({ file }) => !joins.some((join) => join.file === file))
  const mainPart = await readLogPart(database, { ...main, user: userKey })
  const parts = [mainPart]
  const left: typeof rest = []
  for (const other of rest) {
    const user = userKey.map(({ name }) => other.file.columns.find((column) => column.name === name))
    const isWhole = user.every((column): column is Column => column !== undefined)
    const isOfUsers = hintOf(other.file.name, 'user') > 0 && other.roles.item === undefined
    if (
      isWhole &&
      may(other.file, 'events') &&
      (!isOfUsers || saysEvents(other.file)) &&
      other.roles.time !== undefined &&
      (parts[0]?.time === undefined) === (other.roles.time === undefined)
    ) {
      parts.push(await readLogPart(database, { ...other, user }))
    } else left.push(other)
  }
  const [first] = parts
  let itemsJoin: Joined | undefined
  if (first?.item !== undefined) {
    itemsJoin = (
      await joinsOf(database, {
        main: main.file,
        column: first.item,
        role: 'item',
        holds,
        others: left.map(({ file }) => file).filter((file) => may(file, 'items')),
      })
    )[0]
    if (itemsJoin !== undefined && itemsJoin.key.length > 1) itemsJoin = undefined
    if (itemsJoin !== undefined) joins.push(itemsJoin)
  }
  for (const { file, roles } of left) {
    if (file === itemsJoin?.file) continue
    const because =
      roles.user !== undefined && userKey.length > 1
        ? `names users by ${roles.user.name} alone; in ${main.file.name} a user is ${userKey.map(({ name }) => name).join(' + ')}`
        : 'has no row for each user or item of the log, and no moments of its users'
    unused.push({ file: file.name, because })
  }
  const users =
    usersJoin === undefined
      ? undefined
      : await besideOf(database, { join: usersJoin, label: told.label, hasLabel: labelsJoin === usersJoin })
  const labels =
    labelsJoin === undefined || labelsJoin === usersJoin
      ? users
      : await besideOf(database, { join: labelsJoin, label: told.label, hasLabel: true })
  const items =
    itemsJoin === undefined
      ? undefined
      : await besideOf(database, { join: itemsJoin, label: undefined, hasLabel: false })
  const time = await measureTime(database, mainPart)
  return {
    shape: {
      kind: 'events',
      parts,
      users: users?.beside,
      labels: labels?.beside.label === undefined ? undefined : labels.beside,
      doneByAll: await typesDoneByAll(database, parts),
      items: items?.beside,
      ...time,
    },
    warnings: [...(users?.warnings ?? []), ...(items?.warnings ?? []), ...logWarnings(parts)],
    unused,
    main,
    joins,
  }
}
