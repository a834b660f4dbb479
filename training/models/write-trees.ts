// Trees as an ONNX graph: the columns are gathered from the inputs, then one node answers all tasks.
import { categoryIdCount, vocabularyIdCount } from '../../features/categories.ts'
import { inputSpecs } from '../../features/encode.ts'
import { headWidth } from '../../features/heads/kinds.ts'
import type { Features } from '../../features/manifest.ts'
import { createOnnxGraph } from '../graph/onnx-ops.ts'
import type { OnnxGraph, OnnxValue } from '../graph/onnx-ops.ts'
import type { Bins } from '../trees/columns.ts'
import { ensembleOf } from '../trees/ensemble.ts'
import type { PlacedTree } from '../trees/ensemble.ts'
import type { ModelShape } from './family.ts'
import { splitHeads } from './linear-heads.ts'
import { priorOutputs } from './prior-outputs.ts'
import type { TreeCategory, TreeColumn, TreeNumber } from './tree-columns.ts'

// B = batch, F = columns, L = outputs of all heads

export interface WrittenTrees {
  readonly columns: readonly TreeColumn[]
  readonly bins: readonly Bins[]
  /** Outputs are counted through all heads. */
  readonly trees: readonly PlacedTree[]
}

export function writeTrees(shape: ModelShape, written: WrittenTrees): Uint8Array<ArrayBuffer> {
  const { features, heads } = shape
  const graph = createOnnxGraph()
  const inputs = new Map(inputSpecs(features).map((spec) => [spec.name, graph.input(spec)]))
  const { order, value } = writeColumns(graph, { inputs, features, written })
  const placeOf = new Map(order.map((column, place) => [column, place]))
  const base = heads.flatMap(priorOutputs)
  const ensemble = ensembleOf(written.trees, { bins: written.bins, outputCount: base.length })
  const columns = ensemble.nodes.columns.map((column) => placeOf.get(column) ?? 0)
  const grown = graph.treeEnsemble(value, { ...ensemble, nodes: { ...ensemble.nodes, columns } }) // [B, L]
  const ops = graph.opsOver(new Map())
  // Not base_values: ONNX Runtime leaves them out where no tree adds to an output.
  const own = splitHeads(ops, ops.add(grown, ops.constant(base, [1, base.length])), heads)
  for (const head of heads) {
    const answer = own[head.task]
    if (answer !== undefined) graph.output(head.task, { value: answer, width: headWidth(head) })
  }
  return graph.finish()
}

interface Gathering {
  readonly inputs: ReadonlyMap<string, OnnxValue>
  readonly features: Features
  readonly written: WrittenTrees
}

/** All columns side by side [B, F], and which one stands where. */
function writeColumns(
  graph: OnnxGraph,
  { inputs, features, written }: Gathering,
): { readonly order: readonly number[]; readonly value: OnnxValue } {
  const ops = graph.opsOver(new Map())
  const all = written.columns.map((column, index) => ({ column, index, bins: written.bins[index] }))
  const parts = [...Map.groupBy(all, ({ column }) => partOf(column)).values()].map((members) => {
    const [first] = members
    if (first === undefined) throw new Error('Expected a column, got none')
    if (first.column.kind === 'count') return { members, value: lengths(first.column.input) }
    const columns = members.map(({ column }) => column)
    const input = flatInput(first.column.input)
    const values = graph.columnsAt(
      input,
      columns.map(({ place }) => place),
    ) // [B, columns of the part]
    if (first.column.kind === 'category') {
      const table = tableOf(first.column, members)
      return { members, value: ops.gather(ops.constant([...table], [table.length]), values) }
    }
    const asFloats = first.column.input === 'numbers' ? values : graph.floats(values)
    return { members, value: withMissing(input, asFloats, columns as TreeNumber[]) }
  })
  return {
    order: parts.flatMap(({ members }) => members.map(({ index }) => index)),
    value: ops.concat(
      parts.map(({ value }) => value),
      1,
    ),
  }

  /** Of each text, [B, texts]: all of them are columns, in order. */
  function lengths(name: string): OnnxValue {
    return ops.sum(ops.isPresent(inputOf(name)), 2)
  }
  function inputOf(name: string): OnnxValue {
    const input = inputs.get(name)
    if (input === undefined) throw new Error(`Expected input '${name}', got none`)
    return input
  }
  /** [B, width of a row] */
  function flatInput(name: string): OnnxValue {
    const input = inputOf(name)
    const spec = inputSpecs(features).find((one) => one.name === name)
    if (spec === undefined) throw new Error(`Expected input '${name}', got none`)
    const width = spec.shape.reduce((product, size) => product * size, 1)
    return spec.shape.length === 1 ? input : ops.reshape(input, [-1, width])
  }
  /** x / (1 − flag): a number divided by 1 stays as it is, and 0 divided by 0 is NaN. */
  function withMissing(input: OnnxValue, values: OnnxValue, columns: readonly TreeNumber[]): OnnxValue {
    const places = columns.flatMap(({ missingPlace }) => missingPlace ?? [])
    if (places.length === 0) return values
    const negative = ops.mul(graph.columnsAt(input, places), ops.constant([-1], [1]))
    return ops.div(values, ops.add(negative, ops.constant([1], [1])))
  }
  /** By id, its bin. */
  function tableOf(
    { input }: TreeCategory,
    members: readonly { readonly column: TreeColumn; readonly bins: Bins | undefined }[],
  ): Float32Array {
    const table = new Float32Array(idCount(features, input))
    for (const { column, bins } of members) {
      if (column.kind !== 'category' || bins?.kind !== 'category') continue
      table.set(bins.binOf, column.firstId)
    }
    return table
  }
}

/** Columns of a part are gathered, and looked up, in one go. */
function partOf(column: TreeColumn): string {
  const { input } = column
  if (column.kind === 'count') return input
  if (column.kind === 'number') return `${input}/${column.missingPlace === undefined ? 'plain' : 'missing'}`
  // Ids of the sequence's categories are joint, but its padding is the same id for all of them.
  return input === 'categories' ? input : column.vocabulary
}

function idCount(features: Features, input: string): number {
  switch (input) {
    case 'categories':
      return categoryIdCount(features.categories)
    case 'itemCategories':
      return categoryIdCount(features.itemCategories)
    case 'items':
      return vocabularyIdCount(features.items.length)
    case 'types':
      return vocabularyIdCount(features.eventTypes.length)
    default:
      throw new Error(`Expected an input of ids, got '${input}'`)
  }
}
