// Trees as ai.onnx.ml has them: nodes of all trees in one list. A set of categories is a chain of equals
// whose true sides all go to the same child: such chains are one test of membership in ONNX Runtime, need no
// table a split, and of a category most splits name few values.
import { missingBin } from './columns.ts'
import type { Bins, CategoryBins, NumberBins } from './columns.ts'
import type { Split, Tree } from './tree.ts'

/** What a tree adds to which output. */
export interface PlacedTree {
  readonly tree: Tree
  readonly output: number
}

/** Parallel lists, a node or a leaf's weight each. */
export interface TreeEnsemble {
  readonly nodes: {
    readonly treeIds: number[]
    readonly ids: number[]
    readonly columns: number[]
    readonly modes: ('BRANCH_LEQ' | 'BRANCH_EQ' | 'LEAF')[]
    readonly values: number[]
    readonly trueIds: number[]
    readonly falseIds: number[]
    readonly missingIsTrue: number[]
  }
  readonly weights: {
    readonly treeIds: number[]
    readonly ids: number[]
    readonly outputs: number[]
    readonly values: number[]
  }
  readonly outputCount: number
}

export function ensembleOf(
  trees: readonly PlacedTree[],
  { bins, outputCount }: { readonly bins: readonly Bins[]; readonly outputCount: number },
): TreeEnsemble {
  const ensemble: TreeEnsemble = {
    nodes: {
      treeIds: [],
      ids: [],
      columns: [],
      modes: [],
      values: [],
      trueIds: [],
      falseIds: [],
      missingIsTrue: [],
    },
    weights: { treeIds: [], ids: [], outputs: [], values: [] },
    outputCount,
  }
  // ONNX wants one tree at the least.
  const written = trees.length > 0 ? trees : [{ tree: leafOf(0), output: 0 }]
  for (const [treeId, placed] of written.entries()) writeTree(ensemble, { ...placed, treeId, bins })
  return ensemble
}

function leafOf(value: number): Tree {
  const none = new Int32Array(0)
  const values = Float32Array.of(value)
  return { splits: [], left: none, right: none, values, goesLeft: new Uint8Array(0) }
}

function writeTree(
  { nodes, weights }: TreeEnsemble,
  { tree, output, treeId, bins }: PlacedTree & { readonly treeId: number; readonly bins: readonly Bins[] },
): void {
  let nextId = 0
  const tests = tree.splits.map((split) => testsOf(split, bins[split.column]!))
  const firstIds = tests.map((own) => {
    const id = nextId
    nextId += own.values.length
    return id
  })
  const leafIds = nextId
  const idOf = (child: number): number => (child < 0 ? leafIds + ~child : firstIds[child]!)

  for (const [node, { mode, values, trueGoes, missingIsTrue }] of tests.entries()) {
    const children = { left: idOf(tree.left[node]!), right: idOf(tree.right[node]!) }
    for (const [place, value] of values.entries()) {
      const id = firstIds[node]! + place
      const isLast = place === values.length - 1
      push(id, {
        column: tree.splits[node]!.column,
        mode,
        value,
        trueId: children[trueGoes],
        falseId: isLast ? children[trueGoes === 'left' ? 'right' : 'left'] : id + 1,
        missingIsTrue: missingIsTrue ? 1 : 0,
      })
    }
  }
  for (const [leaf, value] of tree.values.entries()) {
    push(leafIds + leaf, { column: 0, mode: 'LEAF', value: 0, trueId: 0, falseId: 0, missingIsTrue: 0 })
    weights.treeIds.push(treeId)
    weights.ids.push(leafIds + leaf)
    weights.outputs.push(output)
    weights.values.push(value)
  }

  function push(
    id: number,
    node: {
      readonly column: number
      readonly mode: TreeEnsemble['nodes']['modes'][number]
      readonly value: number
      readonly trueId: number
      readonly falseId: number
      readonly missingIsTrue: number
    },
  ): void {
    nodes.treeIds.push(treeId)
    nodes.ids.push(id)
    nodes.columns.push(node.column)
    nodes.modes.push(node.mode)
    nodes.values.push(node.value)
    nodes.trueIds.push(node.trueId)
    nodes.falseIds.push(node.falseId)
    nodes.missingIsTrue.push(node.missingIsTrue)
  }
}

interface Tests {
  readonly mode: 'BRANCH_LEQ' | 'BRANCH_EQ'
  /** Of a chain of tests, each where the one before is false. */
  readonly values: readonly number[]
  /** Where a row goes for which one is true. */
  readonly trueGoes: 'left' | 'right'
  readonly missingIsTrue: boolean
}

function testsOf(split: Split, bins: Bins): Tests {
  return split.kind === 'number'
    ? thresholdTest(split, bins as NumberBins)
    : membershipTests(split.bins, bins as CategoryBins)
}

function thresholdTest(
  { bin, missingLeft }: Extract<Split, { readonly kind: 'number' }>,
  bins: NumberBins,
): Tests {
  // Beyond the last threshold all numbers go left, and only what is missing goes right.
  const value = bin === missingBin(bins) - 1 ? Infinity : bins.thresholds[bin]!
  return { mode: 'BRANCH_LEQ', values: [value], trueGoes: 'left', missingIsTrue: missingLeft }
}

/** The smaller of both sides is named. */
function membershipTests(left: readonly number[], { count }: CategoryBins): Tests {
  const isFewer = 2 * left.length <= count
  const right = Array.from({ length: count }, (_, bin) => bin).filter((bin) => !left.includes(bin))
  return {
    mode: 'BRANCH_EQ',
    values: isFewer ? left : right,
    trueGoes: isFewer ? 'left' : 'right',
    missingIsTrue: false,
  }
}
