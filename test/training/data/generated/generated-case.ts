// A case: what files say, how they are written, how a project asks for it, and what reading must give.
import type { Project } from '../../../../features/project.ts'
import type { Role } from '../../../../training/data/files/data-path.ts'
import type { Dialect } from './dialect.ts'
import type { Read } from './expected.ts'
import type { Sheet } from './sheet.ts'
import type { WrittenSheet } from './write-sheet.ts'

export type Written = Readonly<Partial<Record<Role, WrittenSheet>>>

export interface GeneratedCase {
  readonly sheets: readonly { readonly sheet: Sheet; readonly dialect: Dialect }[]
  readonly skipBadRows: boolean
  /** Whether rows have ids of their own. */
  readonly givesIds: boolean
  projectOf(written: Written): Project
  expectedOf(written: Written): Read
}
