// Tables of labelled rows, of every kind of column.
import * as fc from 'fast-check'
import { defineProject, label } from '../../../../features/project.ts'
import type { Attribute, Project } from '../../../../features/project.ts'
import { createRandom } from '../../../../features/random.ts'
import type { Attributes } from '../../../../features/attributes.ts'
import { UNDATED_MS } from '../../../../features/attributes.ts'
import { dialect } from './dialect.ts'
import type { Dialect } from './dialect.ts'
import { countsOf } from './expected.ts'
import type { Read } from './expected.ts'
import type { GeneratedCase, Written } from './generated-case.ts'
import { expressionOf, renameColumns } from './mapped-names.ts'
import type { Cell, Harm, Row, Sheet, SheetColumn } from './sheet.ts'
import { meansMissing } from './spell-cell.ts'
import { attributeNames, categoryValue, freeText, moment, numberValue, userId } from './values.ts'

const LABELS = [
  ['yes', 'no'],
  ['0', '1'],
  ['True', 'False'],
  ['NA', 'EU', 'a b'],
  ['+', '-'],
  ['Good, indeed', 'so"so'],
]

const kind = fc.constantFrom('number' as const, 'category' as const, 'text' as const)
const cellOf = { number: numberValue, category: categoryValue, text: freeText }

interface Truth {
  readonly attributes: readonly {
    readonly name: string
    readonly kind: Exclude<Attribute['kind'], 'vector'>
  }[]
  readonly rows: readonly {
    readonly id: string
    readonly at: number
    readonly label: number
    readonly cells: readonly Cell[]
  }[]
  readonly labels: readonly string[]
  readonly hasId: boolean
  readonly hasAt: boolean
  readonly isMapped: boolean
  readonly harm: { readonly row: number; readonly what: number } | undefined
  readonly skipBadRows: boolean
  readonly dialect: Dialect
}

const truth: fc.Arbitrary<Truth> = attributeNames({ minLength: 1, maxLength: 5 }).chain((names) =>
  fc.tuple(...names.map((name) => fc.record({ name: fc.constant(name), kind }))).chain((attributes) =>
    fc.record({
      attributes: fc.constant(attributes),
      rows: fc.array(
        fc.record({
          id: userId,
          at: moment,
          label: fc.nat({ max: 2 }),
          cells: fc.tuple(...attributes.map((one) => fc.option<Cell>(cellOf[one.kind], { freq: 4 }))),
        }),
        { minLength: 1, maxLength: 8 },
      ),
      labels: fc.constantFrom(...LABELS),
      hasId: fc.boolean(),
      hasAt: fc.boolean(),
      isMapped: fc.boolean(),
      harm: fc.option(fc.record({ row: fc.nat(), what: fc.nat() }), { freq: 5, nil: undefined }),
      skipBadRows: fc.boolean(),
      dialect,
    }),
  ),
)

export const tableCase: fc.Arbitrary<GeneratedCase> = truth.map(caseOf)

function caseOf(drawn: Truth): GeneratedCase {
  const { attributes, labels, hasId, hasAt, isMapped, skipBadRows } = drawn
  // Without a mapping nothing says that a table has times.
  const isTimed = hasAt && isMapped
  const asked: SheetColumn[] = [
    ...attributes,
    { name: 'bought', kind: 'category' },
    ...(hasId ? [{ name: 'id', kind: 'id' as const }] : []),
    ...(isTimed ? [{ name: 'at', kind: 'time' as const }] : []),
  ]
  const columns = isMapped ? renameColumns(asked, drawn.dialect.seed) : asked
  const good: Row[] = drawn.rows.map((row) => ({
    cells: [
      ...row.cells,
      labels[row.label % labels.length] ?? null,
      ...(hasId ? [row.id] : []),
      ...(isTimed ? [row.at] : []),
    ],
  }))
  const sheet: Sheet = { role: 'rows', columns, rows: withHarm(good, { columns: asked, harm: drawn.harm }) }
  const shape = { drawn, asked, columns, isTimed }
  return {
    sheets: [{ sheet, dialect: drawn.dialect }],
    skipBadRows,
    givesIds: true,
    projectOf: (written) => projectOf(shape, written),
    expectedOf: (written) => expectedOf(shape, written),
  }
}

/** A bad row after the one that it is a copy of. */
function withHarm(
  rows: readonly Row[],
  { columns, harm }: { readonly columns: readonly SheetColumn[]; readonly harm: Truth['harm'] },
): Row[] {
  if (harm === undefined) return [...rows]
  const harms: Harm[] = [
    { kind: 'tooShort' },
    { kind: 'tooLong' },
    { kind: 'notJson' },
    ...columns.flatMap(({ kind: of, name }, column): Harm[] => {
      if (of === 'number') return [{ kind: 'cell', column, text: 'abc', said: /expected a number/ }]
      if (of === 'time')
        return [{ kind: 'cell', column, text: 'soon', said: /expected (?:an ISO|a time|\w+ since)/ }]
      if (of === 'id') return [{ kind: 'cell', column, text: 'undefined', said: /expected the id of a user/ }]
      return name === 'bought' ? [{ kind: 'cell', column, text: 'perhaps', said: /expected one of/ }] : []
    }),
  ]
  const at = harm.row % rows.length
  const bad = harms[harm.what % harms.length]
  return rows.flatMap((row, index) =>
    index === at && bad !== undefined ? [row, { ...row, harm: bad }] : [row],
  )
}

interface Shape {
  readonly drawn: Truth
  readonly asked: readonly SheetColumn[]
  readonly columns: readonly SheetColumn[]
  readonly isTimed: boolean
}

function projectOf({ drawn, asked, columns, isTimed }: Shape, { rows: written }: Written): Project {
  const { attributes, labels, hasId, isMapped } = drawn
  const random = createRandom(drawn.dialect.seed).fork('expressions')
  const named = (name: string): string =>
    expressionOf(columns[asked.findIndex((one) => one.name === name)]?.name ?? name, random)
  const { time } = drawn.dialect
  const declare = {
    number: { kind: 'number' },
    category: { kind: 'category' },
    text: { kind: 'text' },
  } as const
  return defineProject({
    name: 'generated',
    user: Object.fromEntries(attributes.map((one): [string, Attribute] => [one.name, declare[one.kind]])),
    tasks: { bought: label(labels) },
    source: {
      kind: 'table',
      reading: written?.reading ?? {},
      labels: isMapped ? { bought: named('bought') } : {},
      ...(isMapped && hasId && { id: named('id') }),
      ...(isMapped && { user: Object.fromEntries(attributes.map(({ name }) => [name, named(name)])) }),
      ...(isTimed && { at: named('at') }),
      ...(isTimed && time.kind === 'numbers' && time.isSaid && { timeUnit: time.unit }),
    },
  })
}

function expectedOf({ drawn, asked, isTimed }: Shape, { rows: written }: Written): Read {
  const {
    attributes,
    hasId,
    dialect: { missing },
  } = drawn
  const all = written?.rows ?? []
  const good = all.flatMap((row, index) => (row.harm === undefined ? [{ ...row, number: index + 1 }] : []))
  const at = asked.findIndex(({ name }) => name === 'at')
  const values = good.map(({ cells }): Attributes =>
    Object.fromEntries(
      attributes.flatMap((one, column): [string, string | number][] => {
        const cell = cells[column] ?? null
        if (cell === null || meansMissing(String(cell), { kind: one.kind, missing })) return []
        return [[one.name, cell]]
      }),
    ),
  )
  const timeOf = (cells: readonly unknown[]): number | null => (isTimed ? Number(cells[at]) : null)
  const users = good.map(({ cells, number }, index) => ({
    userId: hasId ? String(cells[attributes.length + 1]) : String(number),
    versions: [{ knownAt: timeOf(cells) ?? UNDATED_MS, attributes: values[index] ?? {} }],
    events: [],
    questions: [{ atMs: timeOf(cells), labels: { bought: String(cells[attributes.length]) } }],
  }))
  const times = good.map(({ cells }) => Number(cells[at]))
  return {
    users,
    items: [],
    files: [
      { role: 'rows', rows: all.length, stored: good.length, repeated: 0, skipped: all.length - good.length },
    ],
    attributes: Object.fromEntries(attributes.map(({ name }) => [`user.${name}`, countsOf(values, name)])),
    counts: [0, good.length, good.length],
    span: isTimed ? { startMs: Math.min(...times), endMs: Math.max(...times) } : null,
  }
}
