// Reads golden.json: inputs of real examples and what the model gave for them when it was made.
import { headWidth } from '../../features/heads/kinds.ts'
import type { InputSpec, Manifest } from '../../features/manifest.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'

const ROWS_MAX = 32

export interface Golden {
  readonly rows: number
  /** By input, row-major [rows, ...shape]. */
  readonly inputs: Readonly<Record<string, Float32Array | Int32Array>>
  /** By task, raw, row-major [rows, width]. */
  readonly outputs: Readonly<Record<string, readonly number[]>>
}

/** Where it does not fit the manifest, the reason in one line. */
export function parseGolden(text: string, manifest: Manifest): Result<Golden, string> {
  const json = parseJson(text)
  if (!isRecord(json)) return fail('golden.json is not a JSON object')
  const { rows, inputs, outputs } = json
  if (typeof rows !== 'number' || !Number.isInteger(rows) || rows < 1 || rows > ROWS_MAX)
    return fail(`golden.json: rows must be a whole number from 1 to ${ROWS_MAX}`)
  if (!isRecord(inputs) || !isRecord(outputs)) return fail('golden.json: inputs or outputs are absent')
  const columns: Record<string, Float32Array | Int32Array> = {}
  for (const spec of manifest.inputs) {
    const values = inputs[spec.name]
    if (!isNumbers(values, rows * sizeOf(spec))) return fail(`golden.json: input ${spec.name} does not fit`)
    columns[spec.name] = spec.type === 'int32' ? Int32Array.from(values) : Float32Array.from(values)
  }
  const answers: Record<string, readonly number[]> = {}
  for (const head of manifest.heads) {
    const values = outputs[head.task]
    if (!isNumbers(values, rows * headWidth(head)))
      return fail(`golden.json: output ${head.task} does not fit`)
    answers[head.task] = values
  }
  return succeed({ rows, inputs: columns, outputs: answers })
}

function sizeOf({ shape }: InputSpec): number {
  return shape.reduce((product, length) => product * length, 1)
}

function isNumbers(values: unknown, length: number): values is readonly number[] {
  return Array.isArray(values) && values.length === length && values.every(Number.isFinite)
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
