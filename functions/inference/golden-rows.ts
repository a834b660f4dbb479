// Golden rows: inputs of a bundle with the outputs that its training computed. A model that gives others
// is not the model that was trained, whatever its file says of itself.
import { readerOf } from '../../features/heads/kinds.ts'
import type { Manifest } from '../../features/manifest.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { ModelFault } from './bundle-error.ts'
import type { ModelSession } from './runtime.ts'

const ROWS_MAX = 32
/** Of outputs, relative to those above 1. */
const OUTPUT_TOLERANCE = 1e-4
/** Of what is answered, in the unit of the head. */
const ANSWER_TOLERANCE = 1e-5

/** Numbers of all rows, one row after another, by the name of the input or the task. */
type Columns = Readonly<Record<string, readonly number[]>>

export interface GoldenRows {
  readonly rows: number
  readonly inputs: Columns
  readonly outputs: Columns
}

/** Reads golden.json; what is wrong with it where it does not fit the manifest. */
export function parseGoldenRows(text: string, manifest: Manifest): Result<GoldenRows, ModelFault> {
  const golden = parseJson(text)
  const rows = golden?.['rows']
  if (golden === undefined || typeof rows !== 'number') return unreadable('it is no object with rows')
  if (!Number.isInteger(rows) || rows < 1 || rows > ROWS_MAX) return unreadable(`it has ${rows} rows`)
  const inputs = columnsOf(
    golden['inputs'],
    manifest.inputs.map(({ name, shape }) => [name, rows * shape.reduce((size, length) => size * length, 1)]),
  )
  const outputs = columnsOf(
    golden['outputs'],
    manifest.heads.map((head) => [head.task, rows * readerOf(head).width]),
  )
  if (inputs === undefined) return unreadable('its inputs are not those of the manifest')
  if (outputs === undefined) return unreadable('its outputs are not those of the manifest')
  return succeed({ rows, inputs, outputs })
}

/** Runs every row. Rejects where the model does. */
export async function checkGoldenRows(
  golden: GoldenRows,
  { manifest, session }: { readonly manifest: Manifest; readonly session: ModelSession },
): Promise<ModelFault | undefined> {
  for (let row = 0; row < golden.rows; row += 1) {
    const given = Object.fromEntries(
      manifest.inputs.map(({ name, type }) => {
        const values = rowOf(golden.inputs[name] ?? [], { row, rows: golden.rows })
        return [name, type === 'int32' ? Int32Array.from(values) : Float32Array.from(values)]
      }),
    )
    const outputs = await session.run(given)
    for (const head of manifest.heads) {
      const expected = rowOf(golden.outputs[head.task] ?? [], { row, rows: golden.rows })
      const got = Array.from(outputs[head.task] ?? [])
      const reader = readerOf(head)
      const agree =
        isNear(got, { expected, within: (value) => OUTPUT_TOLERANCE * Math.max(1, Math.abs(value)) }) &&
        isNear(reader.numbers(got), {
          expected: reader.numbers(expected),
          within: (value) => ANSWER_TOLERANCE * reader.unit(value),
        })
      if (!agree) return { code: 'golden_differs', row, task: head.task }
    }
  }
  return undefined
}

function unreadable(detail: string): Result<never, ModelFault> {
  return fail({ code: 'golden_unreadable', detail })
}

function parseJson(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

/** The named columns, where each is a list of as many finite numbers as it must have. */
function columnsOf(
  value: unknown,
  lengths: readonly (readonly [name: string, length: number])[],
): Columns | undefined {
  if (!isRecord(value)) return undefined
  const isWhole = lengths.every(([name, length]) => isNumbers(value[name], length))
  return isWhole ? (value as Columns) : undefined
}

function isNumbers(value: unknown, length: number): boolean {
  return Array.isArray(value) && value.length === length && value.every(Number.isFinite)
}

function rowOf(
  values: readonly number[],
  { row, rows }: { readonly row: number; readonly rows: number },
): readonly number[] {
  const width = values.length / rows
  return values.slice(row * width, (row + 1) * width)
}

/** Whether all numbers are as expected; what is not a number is not. */
function isNear(
  got: readonly number[],
  { expected, within }: { readonly expected: readonly number[]; readonly within: (value: number) => number },
): boolean {
  return (
    got.length === expected.length &&
    expected.every((value, index) => Math.abs((got[index] ?? Number.NaN) - value) <= within(value))
  )
}
