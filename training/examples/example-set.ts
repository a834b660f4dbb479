// Examples in columns: every model input as one typed array, every task's targets as another.
import type { Encoded } from '../../features/encode.ts'
import type { InputSpec } from '../../features/manifest.ts'

/** n examples. An unknown target is NaN. */
export interface ExampleSet {
  readonly count: number
  /** By input name, row-major [n, ...shape]. */
  readonly inputs: Readonly<Record<string, Float32Array | Int32Array>>
  /** By task, [n]: the index of a class, or an amount. */
  readonly targets: Readonly<Record<string, Float32Array>>
  /** Who was asked about, [n]. */
  readonly userIds: readonly string[]
  /** When, Unix milliseconds, [n]; 0 in tables. */
  readonly atMs: Float64Array
}

export interface Example {
  readonly encoded: Encoded
  /** By task; null while unknown. */
  readonly targets: Readonly<Record<string, number | null>>
  readonly userId: string
  readonly atMs: number
}

export interface ExampleCollector {
  add(example: Example): void
  finish(): ExampleSet
}

/** Collects rows into columns that grow as needed. */
export function createExampleCollector(
  inputs: readonly InputSpec[],
  tasks: readonly string[],
): ExampleCollector {
  let capacity = 1024
  let count = 0
  const columns = inputs.map((spec) => ({ spec, width: widthOf(spec), values: newColumn(spec, capacity) }))
  const targets = tasks.map((task) => ({ task, values: new Float32Array(capacity) }))
  const userIds: string[] = []
  const times: number[] = []

  function grow(): void {
    capacity *= 2
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
    add({ encoded, targets: known, userId, atMs }) {
      if (count === capacity) grow()
      for (const { spec, width, values } of columns) values.set(encoded[spec.name] ?? [], count * width)
      for (const { task, values } of targets) values[count] = known[task] ?? Number.NaN
      userIds.push(userId)
      times.push(atMs)
      count += 1
    },
    finish: () => ({
      count,
      inputs: Object.fromEntries(
        columns.map(({ spec, width, values }) => [spec.name, values.slice(0, count * width)]),
      ),
      targets: Object.fromEntries(targets.map(({ task, values }) => [task, values.slice(0, count)])),
      userIds,
      atMs: Float64Array.from(times),
    }),
  }
}

/** The rows with these indices, in this order. */
export function selectExamples(examples: ExampleSet, rows: ArrayLike<number>): ExampleSet {
  const indices = Array.from(rows)
  return {
    count: indices.length,
    inputs: Object.fromEntries(
      Object.entries(examples.inputs).map(([name, values]) => [
        name,
        selectRows(values, { indices, width: values.length / Math.max(1, examples.count) }),
      ]),
    ),
    targets: Object.fromEntries(
      Object.entries(examples.targets).map(([task, values]) => [
        task,
        Float32Array.from(indices, (row) => values[row] ?? Number.NaN),
      ]),
    ),
    userIds: indices.map((row) => examples.userIds[row] ?? ''),
    atMs: Float64Array.from(indices, (row) => examples.atMs[row] ?? 0),
  }
}

/** All rows in order, at most so many at a time. */
export function chunksOf(examples: ExampleSet, rowsMax: number): ExampleSet[] {
  return Array.from({ length: Math.ceil(examples.count / rowsMax) }, (_, chunk) => {
    const from = chunk * rowsMax
    const length = Math.min(rowsMax, examples.count - from)
    return selectExamples(
      examples,
      Array.from({ length }, (__, row) => from + row),
    )
  })
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
