// What somebody said that files hold, as in `--data users=people.csv`: it goes before what they look like, and
// where it cannot be followed it is refused.
import { dirname } from 'node:path'
import type { Role } from '../data/files/data-path.ts'
import type { InspectedFile } from './inspect-file.ts'
import type { Shape } from './shape.ts'

/** Paths of files, or of folders of files, by what they hold. */
export type Holds = Readonly<Partial<Record<Role, readonly string[]>>>

/** Undefined where nobody said. */
export function roleToldOf({ path }: Pick<InspectedFile, 'path'>, holds: Holds = {}): Role | undefined {
  const found = Object.entries(holds).find(
    ([, paths]) => paths.includes(path) || paths.includes(dirname(path)),
  )
  return found?.[0] as Role | undefined
}

/** Whether a file may be taken for one of the roles. */
export function mayHold(
  file: InspectedFile,
  { roles, holds }: { readonly roles: readonly Role[]; readonly holds: Holds | undefined },
): boolean {
  const told = roleToldOf(file, holds)
  return told === undefined || roles.includes(told)
}

export interface NotAsTold {
  readonly code: 'not_as_told'
  readonly path: string
  readonly role: Role
}

/** Of the first file that is not taken for what it was said to hold. */
export function notAsTold(
  shape: Shape | undefined,
  { files, holds }: { readonly files: readonly InspectedFile[]; readonly holds: Holds | undefined },
): NotAsTold | undefined {
  for (const file of files) {
    const role = roleToldOf(file, holds)
    if (role !== undefined && (shape === undefined || !filesOf(shape, role).includes(file)))
      return { code: 'not_as_told', path: file.path, role }
  }
  return undefined
}

function filesOf(shape: Shape, role: Role): (InspectedFile | undefined)[] {
  if (shape.kind === 'table') return role === 'rows' ? [shape.file] : []
  if (shape.kind === 'sequences') return role === 'events' ? [shape.file] : []
  const { parts, users, items, labels } = shape
  return {
    events: parts.map(({ file }) => file),
    rows: [],
    users: [users?.file],
    items: [items?.file],
    questions: [labels?.file],
  }[role]
}

const WANTED: Readonly<Record<Role, string>> = {
  events: 'users who come again, at moments',
  rows: 'a column with a label',
  users: 'a row for each user of the log, named as there, and no other file says it more fully',
  items: 'a row for each item of the log, named as there, and no other file says it more fully',
  questions: 'a row for each user of the log, named as there, with a label',
}

export function describeNotAsTold({ path, role }: NotAsTold): string {
  return `${path}: was said to hold ${role} (${role}=…), and does not look like it: expected ${WANTED[role]}. Leave \`${role}=\` away to have it looked at afresh, or write the project by hand (docs/your-data.md)`
}
