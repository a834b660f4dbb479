// What one file says, before anybody chose how to write it.
import type { Role } from '../../../../training/data/files/data-path.ts'

export type CellKind = 'id' | 'category' | 'number' | 'text' | 'time' | 'code'

/** A number, a time in Unix milliseconds, or a text; null where nothing is said. */
export type Cell = string | number | null

export interface SheetColumn {
  /** As the project asks for it. */
  readonly name: string
  /** A code is written as it stands. */
  readonly kind: CellKind
}

export interface Row {
  readonly cells: readonly Cell[]
  /** What is wrong with it, where it is a bad one. */
  readonly harm?: Harm
}

/** A row that must be refused: a cell as it is written, or the shape of the row. */
export type Harm =
  | { readonly kind: 'cell'; readonly column: number; readonly text: string; readonly said: RegExp }
  | { readonly kind: 'tooShort' | 'tooLong' | 'notJson' }

export interface Sheet {
  readonly role: Role
  readonly columns: readonly SheetColumn[]
  /** In the order in which they are written. */
  readonly rows: readonly Row[]
}
