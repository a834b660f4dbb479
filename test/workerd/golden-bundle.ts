// What Node hands to the parity test in workerd: a trained bundle, the questions behind its golden
// inputs, and what TensorFlow.js and ONNX Runtime for Node answer.
import type { Answer, Answers } from '../../features/decode.ts'
import type { Attributes, Event } from '../../features/event.ts'
import type { Manifest } from '../../features/manifest.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** Where to ask for a golden bundle: append the family's name. */
    goldenBundlesUrl: string
  }
}

/** Values by input or output name; all rows one after another, row-major. */
export type Columns = Readonly<Record<string, readonly number[]>>

export interface GoldenBundle {
  readonly id: string
  readonly modelBase64: string
  readonly manifestText: string
  readonly cardText: string
  readonly rows: number
  /** As golden.json has them. */
  readonly inputs: Columns
  /** What TensorFlow.js answered, as golden.json has it. */
  readonly tensorflow: Columns
  /** What ONNX Runtime for Node answers to the golden inputs. */
  readonly onnxNode: Columns
  /** Who was asked about, and when, row by row. */
  readonly questions: readonly { readonly userId: string; readonly at: number }[]
  readonly users: Readonly<Record<string, GoldenUser>>
  readonly items: readonly (readonly [string, Attributes])[]
}

export interface GoldenUser {
  readonly attributes: Attributes
  readonly events: readonly Event[]
}

/** One row of columns, by name. */
export function rowOf(columns: Columns, { row, rows }: { readonly row: number; readonly rows: number }) {
  return Object.fromEntries(
    Object.entries(columns).map(([name, values]) => {
      const width = values.length / rows
      return [name, values.slice(row * width, (row + 1) * width)]
    }),
  )
}

/** A row of inputs as encode gives them. */
export function typedRow({ inputs }: Manifest, row: Columns): Record<string, Float32Array | Int32Array> {
  return Object.fromEntries(
    inputs.map(({ name, type }) => {
      const values = row[name] ?? []
      return [name, type === 'int32' ? Int32Array.from(values) : Float32Array.from(values)]
    }),
  )
}

/** The largest difference by task, of probabilities or in a total's unit; NaN where a number is absent. */
export function differences({ heads }: Manifest, [left, right]: readonly [Answers, Answers]): number[] {
  return heads.map(({ task, kind, scale }) => {
    const [a, b] = [numbersOf(left[task]), numbersOf(right[task])]
    if (a.length === 0 || a.length !== b.length) return Number.NaN
    const largest = Math.max(...a.map((value, index) => Math.abs(value - (b[index] ?? Number.NaN))))
    return kind === 'total' ? largest / scale : largest
  })
}

function numbersOf(answer: Answer | undefined): number[] {
  if (answer === undefined) return []
  if ('probability' in answer) return [answer.probability]
  return 'expected' in answer ? [answer.expected] : Object.values(answer.probabilities)
}
