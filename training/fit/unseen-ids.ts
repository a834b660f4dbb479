// Embeddings of ids that no example of training had are as they were drawn at the start, and whoever comes with one
// (a new value, or none where nothing was missing) would be answered by chance. They are given the mean of those of
// their feature that were seen, each by how often it was: the answer of somebody like most.
import { FIRST_VALUE } from '../../features/categories.ts'
import type { Features } from '../../features/manifest.ts'
import type { ExampleSet } from '../examples/example-set.ts'
import type { ParameterValues } from '../graph/parameters.ts'

/** Ids that stand for the same thing: a feature's, or a vocabulary's. */
interface Run {
  readonly from: number
  readonly until: number
}

interface Table {
  readonly parameter: string
  readonly input: string
  readonly runs: readonly Run[]
}

/** The parameters with embeddings of ids that were never seen in any of these sets settled. */
export function settleUnseen(
  parameters: ParameterValues,
  { features, seen }: { readonly features: Features; readonly seen: readonly ExampleSet[] },
): ParameterValues {
  const settled = new Map(parameters)
  for (const { parameter, input, runs } of tablesOf(features)) {
    const table = parameters.get(parameter)
    if (table === undefined) continue
    const [count = 0, width = 0] = table.shape
    const counts = countIds(seen, { input, count })
    const values = table.values.slice()
    for (const run of runs) settleRun(values, { run, counts, width })
    settled.set(parameter, { ...table, values })
  }
  return settled
}

function tablesOf(features: Features): Table[] {
  const runsOf = (lengths: readonly number[], first: number): Run[] => {
    let from = 0
    return lengths.map((length) => {
      const run = { from: from + first, until: from + FIRST_VALUE + length }
      from += FIRST_VALUE + length
      return run
    })
  }
  const lengthsOf = (of: Features['categories']): number[] => of.map(({ values }) => values.length)
  return [
    { parameter: 'categories', input: 'categories', runs: runsOf(lengthsOf(features.categories), 0) },
    // Of events the first id of each stands for no event as well.
    { parameter: 'events/types', input: 'types', runs: runsOf([features.eventTypes.length], 1) },
    { parameter: 'events/items', input: 'items', runs: runsOf([features.items.length], 1) },
    {
      parameter: 'events/itemCategories',
      input: 'itemCategories',
      runs: runsOf(lengthsOf(features.itemCategories), 1),
    },
  ]
}

function countIds(
  sets: readonly ExampleSet[],
  { input, count }: { readonly input: string; readonly count: number },
): Float64Array {
  const counts = new Float64Array(count)
  for (const { inputs } of sets) for (const id of inputs[input] ?? []) counts[id] = (counts[id] ?? 0) + 1
  return counts
}

function settleRun(
  values: Float32Array,
  { run, counts, width }: { readonly run: Run; readonly counts: Float64Array; readonly width: number },
): void {
  const ids = Array.from({ length: run.until - run.from }, (_, index) => run.from + index)
  const countOf = (id: number): number => counts[id] ?? 0
  const total = ids.reduce((sum, id) => sum + countOf(id), 0)
  if (total === 0) return
  const mean = Array.from(
    { length: width },
    (_, place) => ids.reduce((sum, id) => sum + countOf(id) * (values[id * width + place] ?? 0), 0) / total,
  )
  for (const id of ids) if (countOf(id) === 0) values.set(mean, id * width)
}
