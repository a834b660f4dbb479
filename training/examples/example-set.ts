// Examples in columns: every model input as one typed array, every task's targets as another.
import type { Encoded } from '../../features/encode.ts'
import type { InputSpec } from '../../features/manifest.ts'
import type { MomentOrigin } from '../moments/moment.ts'

/** n examples. An unknown target is NaN. */
export interface ExampleSet {
  readonly count: number
  /** By input name, row-major [n, ...shape]. */
  readonly inputs: Readonly<Record<string, Float32Array | Int32Array>>
  /** By task, [n]: the index of a class, or an amount. */
  readonly targets: Readonly<Record<string, Float32Array>>
  /** Who was asked about, [n]. */
  readonly userIds: readonly string[]
  /** When, Unix milliseconds, [n]; 0 of rows without a time. */
  readonly atMs: Float64Array
  /** 1 where it is right after a user's first event in the log, else 0, [n]. */
  readonly isFirst: Uint8Array
  /** What made the moment, [n]. */
  readonly from: readonly MomentOrigin[]
}

export interface Example {
  readonly encoded: Encoded
  /** By task; null while unknown. */
  readonly targets: Readonly<Record<string, number | null>>
  readonly userId: string
  readonly atMs: number
  readonly isFirst: boolean
  readonly from: MomentOrigin
}

export interface ExampleCollector {
  add(example: Example): void
  finish(): ExampleSet
}

export interface CollectorOptions {
  readonly inputs: readonly InputSpec[]
  readonly tasks: readonly string[]
  /** Room is made for so many at once. */
  readonly expected?: number
}

/** Room beyond what is expected, for what is drawn varies. */
const ROOM = 1.02
const ROOM_MIN = 1024

/** Collects rows into columns that grow as needed. */
export function createExampleCollector({ inputs, tasks, expected = 0 }: CollectorOptions): ExampleCollector {
  let capacity = Math.ceil(ROOM * expected) + ROOM_MIN
  let count = 0
  const columns = inputs.map((spec) => ({ spec, width: widthOf(spec), values: newColumn(spec, capacity) }))
  const targets = tasks.map((task) => ({ task, values: new Float32Array(capacity) }))
  const userIds: string[] = []
  const times: number[] = []
  const firsts: number[] = []
  const from: MomentOrigin[] = []

  function grow(): void {
    capacity = Math.ceil(capacity * 1.5)
    for (const column of columns) {
      const values = newColumn(column.spec, capacity)
      values.set(column.values)
      column.values = values
    }
    for (const column of targets) {
      const values = new Float32Array(capacity)
      values.set(column.values)
      column.values = values
    }
  }

  return {
    add(example) {
      if (count === capacity) grow()
      for (const { spec, width, values } of columns) {
        values.set(example.encoded[spec.name] ?? [], count * width)
      }
      for (const { task, values } of targets) values[count] = example.targets[task] ?? Number.NaN
      userIds.push(example.userId)
      times.push(example.atMs)
      firsts.push(example.isFirst ? 1 : 0)
      from.push(example.from)
      count += 1
    },
    // Views: copying what is large would take as much memory again.
    finish: () => ({
      count,
      inputs: Object.fromEntries(
        columns.map(({ spec, width, values }) => [spec.name, values.subarray(0, count * width)]),
      ),
      targets: Object.fromEntries(targets.map(({ task, values }) => [task, values.subarray(0, count)])),
      userIds,
      atMs: Float64Array.from(times),
      isFirst: Uint8Array.from(firsts),
      from,
    }),
  }
}

/** The rows with these indices, in this order. */
export function selectExamples(examples: ExampleSet, rows: ArrayLike<number>): ExampleSet {
  const indices = Array.from(rows)
  return {
    count: indices.length,
    inputs: mapValues(examples.inputs, (values) =>
      selectRows(values, { indices, width: values.length / Math.max(1, examples.count) }),
    ),
    targets: mapValues(examples.targets, (values) =>
      Float32Array.from(indices, (row) => values[row] ?? Number.NaN),
    ),
    userIds: indices.map((row) => examples.userIds[row] ?? ''),
    atMs: Float64Array.from(indices, (row) => examples.atMs[row] ?? 0),
    isFirst: Uint8Array.from(indices, (row) => examples.isFirst[row] ?? 0),
    from: indices.map((row) => examples.from[row] ?? 'row'),
  }
}

/** All rows in order, at most so many at a time; the large columns are views of the set, not copies. */
export function* chunksOf(examples: ExampleSet, rowsMax: number): Generator<ExampleSet> {
  for (let from = 0; from < examples.count; from += rowsMax) {
    const until = Math.min(from + rowsMax, examples.count)
    yield {
      count: until - from,
      inputs: mapValues(examples.inputs, (values) => {
        const width = values.length / examples.count
        return values.subarray(from * width, until * width)
      }),
      targets: mapValues(examples.targets, (values) => values.subarray(from, until)),
      userIds: examples.userIds.slice(from, until),
      atMs: examples.atMs.subarray(from, until),
      isFirst: examples.isFirst.subarray(from, until),
      from: examples.from.slice(from, until),
    }
  }
}

function mapValues<From, To>(
  record: Readonly<Record<string, From>>,
  change: (value: From) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, change(value)]))
}

/** How many numbers one row of an input has. */
function widthOf(spec: InputSpec): number {
  return spec.shape.reduce((width, size) => width * size, 1)
}

function newColumn(spec: InputSpec, rows: number): Float32Array | Int32Array {
  const length = rows * widthOf(spec)
  return spec.type === 'int32' ? new Int32Array(length) : new Float32Array(length)
}

function selectRows(
  values: Float32Array | Int32Array,
  { indices, width }: { readonly indices: readonly number[]; readonly width: number },
): Float32Array | Int32Array {
  const selected =
    values instanceof Int32Array
      ? new Int32Array(indices.length * width)
      : new Float32Array(indices.length * width)
  for (const [place, row] of indices.entries()) {
    selected.set(values.subarray(row * width, (row + 1) * width), place * width)
  }
  return selected
}
