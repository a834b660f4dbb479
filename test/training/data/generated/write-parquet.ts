// Rows as Parquet, in columns of every type that holds the values.
import type { DuckDBConnection } from '@duckdb/node-api'
import type { Random } from '../../../../features/random.ts'
import { quoteName, quoteText } from '../../../../training/data/database.ts'
import type { Dialect } from './dialect.ts'
import type { Cell, CellKind, Row, Sheet } from './sheet.ts'
import { spellCell } from './spell-cell.ts'

export interface ParquetRequest {
  readonly sheet: Pick<Sheet, 'columns'>
  readonly rows: readonly Row[]
  readonly names: readonly string[]
  readonly dialect: Dialect
  readonly random: Random
  readonly path: string
}

/** @returns the number of each row, from 1 */
export async function writeParquet(
  connection: DuckDBConnection,
  { sheet, rows, names, dialect, random, path }: ParquetRequest,
): Promise<number[]> {
  const columns = sheet.columns.map(({ kind }, column) => {
    const cells = rows.map((row) => row.cells[column] ?? null)
    const harmed = rows.map(({ harm }) =>
      harm?.kind === 'cell' && harm.column === column ? harm.text : undefined,
    )
    const texts = cells.map((cell, index) => harmed[index] ?? spellCell(cell, kind, { dialect, random }))
    const isHarmed = harmed.some((text) => text !== undefined)
    return isHarmed ? texts.map((text) => quoteText(text)) : typed({ cells, kind, texts, dialect, random })
  })
  const list = names.map(quoteName).join(', ')
  const empty = names.map((name) => `null::varchar as ${quoteName(name)}`).join(', ')
  const tuples = rows.map((_, row) => `(${columns.map((cells) => cells[row] ?? 'null').join(', ')})`)
  const query =
    rows.length === 0
      ? `select ${empty} limit 0`
      : `select * from (values ${tuples.join(', ')}) as t (${list})`
  await connection.run(`copy (${query}) to ${quoteText(path)} (format parquet)`)
  return rows.map((_, index) => index + 1)
}

interface TypedRequest {
  readonly cells: readonly Cell[]
  readonly kind: CellKind
  readonly texts: readonly string[]
  readonly dialect: Dialect
  readonly random: Random
}

/** SQL of the cells, in one type that holds them all. */
function typed(request: TypedRequest): string[] {
  const { random, dialect } = request
  const types = TYPES.filter((type) => type.kinds.includes(request.kind) && type.holds(request))
  const type = dialect.varies ? types[random.integer(types.length)] : types[0]
  if (type === undefined) throw new Error(`Expected a type for ${request.kind}`)
  return request.cells.map((cell, index) =>
    cell === null && type.sql !== texts ? `null::${type.name}` : type.sql(cell, request.texts[index] ?? ''),
  )
}

interface ColumnType {
  readonly name: string
  readonly kinds: readonly CellKind[]
  readonly holds: (request: TypedRequest) => boolean
  /** Of a cell, which is not null but for texts. */
  readonly sql: (cell: Cell, text: string) => string
}

const given = ({ cells }: TypedRequest): Exclude<Cell, null>[] => cells.filter((cell) => cell !== null)
const texts = (_: Cell, text: string): string => quoteText(text)
const isWhole = (cell: Cell): boolean => /^-?(?:0|[1-9]\d{0,14})$/.test(String(cell))
const isDate = (cell: Cell): boolean => Number(cell) % 86_400_000 === 0
const cast = (name: string) => (cell: Cell) => `${quoteText(String(cell))}::${name}`
const iso = (cell: Cell): string => new Date(Number(cell)).toISOString()
/** A type without a zone is a wall clock in the zone of the source. */
const isUtc = ({ dialect }: TypedRequest): boolean =>
  dialect.timeZone === undefined || dialect.timeZone === 'UTC'
const isIso = ({ dialect }: TypedRequest): boolean => dialect.time.kind !== 'numbers' || !dialect.time.isSaid
const isInUnit = ({ dialect }: TypedRequest): boolean => dialect.time.kind === 'numbers'
const wallClock = (cell: Cell): string => quoteText(iso(cell).replace('T', ' ').replace('Z', ''))

const TYPES: readonly ColumnType[] = [
  {
    name: 'VARCHAR',
    kinds: ['id', 'category', 'text', 'code', 'number', 'time'],
    holds: () => true,
    sql: texts,
  },
  {
    name: 'BLOB',
    kinds: ['id', 'category', 'text', 'code'],
    holds: () => true,
    sql: (_, text) => `encode(${quoteText(text)})`,
  },
  {
    name: 'BOOLEAN',
    kinds: ['category'],
    holds: (request) => given(request).every((cell) => cell === 'true' || cell === 'false'),
    sql: cast('BOOLEAN'),
  },
  {
    name: 'BIGINT',
    kinds: ['id', 'category', 'number'],
    holds: (request) => given(request).every(isWhole),
    sql: cast('BIGINT'),
  },
  {
    name: 'DOUBLE',
    kinds: ['id', 'category'],
    holds: (request) => given(request).every(isWhole),
    sql: cast('DOUBLE'),
  },
  { name: 'DOUBLE', kinds: ['number'], holds: () => true, sql: cast('DOUBLE') },
  {
    name: 'FLOAT',
    kinds: ['id', 'category', 'number'],
    holds: (request) => given(request).every((cell) => isWhole(cell) && Math.abs(Number(cell)) < 2 ** 24),
    sql: cast('FLOAT'),
  },
  {
    name: 'DECIMAL(18, 2)',
    kinds: ['id', 'category', 'number'],
    holds: (request) =>
      given(request).every(
        (cell) =>
          isWhole(cell) ||
          (request.kind === 'number' && Number.isInteger(Number(cell) * 4) && Math.abs(Number(cell)) < 1e9),
      ),
    sql: cast('DECIMAL(18, 2)'),
  },
  {
    name: 'TIMESTAMPTZ',
    kinds: ['time'],
    holds: isIso,
    sql: (cell) => `${quoteText(iso(cell))}::TIMESTAMPTZ`,
  },
  {
    name: 'TIMESTAMP',
    kinds: ['time'],
    holds: (request) => isIso(request) && isUtc(request),
    sql: (cell) => `${wallClock(cell)}::TIMESTAMP`,
  },
  {
    name: 'TIMESTAMP_NS',
    kinds: ['time'],
    holds: (request) => isIso(request) && isUtc(request),
    sql: (cell) => `${wallClock(cell)}::TIMESTAMP_NS`,
  },
  {
    name: 'TIMESTAMP_MS',
    kinds: ['time'],
    holds: (request) => isIso(request) && isUtc(request),
    sql: (cell) => `${wallClock(cell)}::TIMESTAMP_MS`,
  },
  {
    name: 'DATE',
    kinds: ['time'],
    holds: (request) => isIso(request) && isUtc(request) && given(request).every(isDate),
    sql: (cell) => `${quoteText(iso(cell).slice(0, 10))}::DATE`,
  },
  {
    name: 'BIGINT',
    kinds: ['time'],
    holds: (request) => isInUnit(request) && request.texts.every((text) => /^\d*$/.test(text.trim())),
    sql: (_, text) => `${quoteText(text.trim())}::BIGINT`,
  },
  {
    name: 'DOUBLE',
    kinds: ['time'],
    holds: (request) =>
      isInUnit(request) && request.texts.every((text) => text.trim() === '' || Number(text) > 0),
    sql: (_, text) => `${quoteText(text.trim())}::DOUBLE`,
  },
]
