// golden.json: inputs of real examples with the raw outputs that training computed for them. A model that
// gives others is not the model that was trained, whatever its file says of itself. Who publishes a bundle and
// who answers by it hold it to the same; how they run the model is their own affair.
import type { Head } from './heads/head.ts'
import { headWidth, readerOf } from './heads/kinds.ts'
import type { InputSpec, Manifest } from './manifest.ts'
import { fail, succeed } from './result.ts'
import type { Result } from './result.ts'

/** A bundle carries so many at the most. */
export const GOLDEN_ROWS_MAX = 32
/** How far raw outputs may be off, relative to those above 1. */
const OUTPUT_DIFFERENCE_MAX = 1e-4
/** How far what is answered may be off, in the unit of the head. */
const ANSWER_DIFFERENCE_MAX = 1e-5

export interface GoldenRows {
  readonly rows: number
  /** By input, row-major [rows, ...shape]. */
  readonly inputs: Readonly<Record<string, Float32Array | Int32Array>>
  /** By task, raw, row-major [rows, width]. */
  readonly outputs: Readonly<Record<string, readonly number[]>>
}

/** Where it does not fit the manifest, the reason in one line. */
export function parseGoldenRows(text: string, manifest: Manifest): Result<GoldenRows, string> {
  const json = parseJson(text)
  if (!isRecord(json)) return fail('golden.json is not a JSON object')
  const { rows, inputs, outputs } = json
  if (typeof rows !== 'number' || !Number.isInteger(rows) || rows < 1 || rows > GOLDEN_ROWS_MAX) {
    return fail(`golden.json: rows must be a whole number from 1 to ${GOLDEN_ROWS_MAX}`)
  }
  if (!isRecord(inputs) || !isRecord(outputs)) return fail('golden.json: inputs or outputs are absent')
  const given: Record<string, Float32Array | Int32Array> = {}
  for (const spec of manifest.inputs) {
    const values = inputs[spec.name]
    if (!isNumbers(values, rows * sizeOf(spec)))
      return fail(misfit(`input ${spec.name}`, { values, rows, width: sizeOf(spec) }))
    given[spec.name] = spec.type === 'int32' ? Int32Array.from(values) : Float32Array.from(values)
  }
  const expected: Record<string, readonly number[]> = {}
  for (const head of manifest.heads) {
    const values = outputs[head.task]
    if (!isNumbers(values, rows * headWidth(head))) {
      return fail(misfit(`output ${head.task}`, { values, rows, width: headWidth(head) }))
    }
    expected[head.task] = values
  }
  return succeed({ rows, inputs: given, outputs: expected })
}

/** The first task whose output for a row is not as expected; one that is absent, short or not finite is not. */
export function differingTask(
  { outputs }: GoldenRows,
  {
    heads,
    row,
    got,
  }: {
    readonly heads: readonly Head[]
    readonly row: number
    readonly got: Readonly<Record<string, ArrayLike<number>>>
  },
): string | undefined {
  return heads.find((head) => {
    const reader = readerOf(head)
    const { width } = reader
    const expected = (outputs[head.task] ?? []).slice(row * width, (row + 1) * width)
    const output = Array.from(got[head.task] ?? [])
    const agree =
      isNear(output, { expected, within: (value) => OUTPUT_DIFFERENCE_MAX * Math.max(1, Math.abs(value)) }) &&
      isNear(reader.numbers(output), {
        expected: reader.numbers(expected),
        within: (value) => ANSWER_DIFFERENCE_MAX * reader.unit(value),
      })
    return !agree
  })?.task
}

/** Whether all numbers are as expected; what is not a number is not. */
function isNear(
  got: readonly number[],
  { expected, within }: { readonly expected: readonly number[]; readonly within: (value: number) => number },
): boolean {
  return (
    got.length === expected.length &&
    expected.every((value, place) => Math.abs((got[place] ?? Number.NaN) - value) <= within(value))
  )
}

function sizeOf({ shape }: InputSpec): number {
  return shape.reduce((product, length) => product * length, 1)
}

function isNumbers(values: unknown, length: number): values is readonly number[] {
  return Array.isArray(values) && values.length === length && values.every(Number.isFinite)
}

function misfit(
  what: string,
  { values, rows, width }: { readonly values: unknown; readonly rows: number; readonly width: number },
): string {
  const length = Array.isArray(values) ? String(values.length) : 'no list'
  return `golden.json: ${what} does not fit: expected ${rows * width} numbers (${rows} rows of ${width}), got ${length}`
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
