// What Node hands to the parity test in workerd: a trained bundle, the questions behind its golden
// inputs, and what TensorFlow.js and ONNX Runtime for Node answer.
import type { Versions } from '../../features/attributes.ts'
import type { Event } from '../../features/event.ts'
import type { Answer, Answers } from '../../features/heads/head.ts'
import { readerOf } from '../../features/heads/kinds.ts'
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
  /** The files of the bundle by name, in Base64. */
  readonly files: Readonly<Record<string, string>>
  /** How many rows were asked: more than the bundle's own golden.json has. */
  readonly rows: number
  readonly inputs: Columns
  /** What TensorFlow.js answered. */
  readonly tensorflow: Columns
  /** What ONNX Runtime for Node answers to the same inputs. */
  readonly onnxNode: Columns
  /** Who was asked about, and when, row by row. */
  readonly questions: readonly { readonly userId: string; readonly atMs: number }[]
  readonly users: Readonly<Record<string, GoldenUser>>
  readonly items: readonly (readonly [string, Versions])[]
}

export interface GoldenUser {
  readonly versions: Versions
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

/** The largest difference by task, in the unit of its head; NaN where a number is absent. */
export function differences({ heads }: Manifest, [left, right]: readonly [Answers, Answers]): number[] {
  return heads.map((head) => {
    const [a, b] = [numbersOf(left[head.task]), numbersOf(right[head.task])]
    if (a.length === 0 || a.length !== b.length) return Number.NaN
    const reader = readerOf(head)
    return Math.max(
      ...a.map((value, index) => Math.abs(value - (b[index] ?? Number.NaN)) / reader.unit(value)),
    )
  })
}

function numbersOf(answer: Answer | undefined): number[] {
  if (answer === undefined) return []
  if ('probability' in answer) return [answer.probability]
  return 'expected' in answer ? [answer.expected] : Object.values(answer.probabilities)
}
