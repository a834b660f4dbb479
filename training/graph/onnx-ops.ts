// Ops as ONNX nodes: the same calls that TensorFlow.js ran are written down with standard operators
// of opset 17. Names are numbered in the order of the calls, so that the same model gives the same bytes.
// The package is CommonJS, whose names Node does not see.
import onnxProto from 'onnx-proto'
import type { onnx } from 'onnx-proto'
import type { TreeEnsemble } from '../trees/ensemble.ts'
import type { Ops } from './ops.ts'
import type { ParameterValues } from './parameters.ts'

/** Opset 17 is the first with LayerNormalization. */
const OPSET_VERSION = 17
const IR_VERSION = 8
/** Of ai.onnx.ml, where there are trees. */
const TREES_DOMAIN = 'ai.onnx.ml'
const TREES_VERSION = 3
const { ModelProto, TensorProto, AttributeProto } = onnxProto.onnx
const { FLOAT, INT32, INT64, BOOL } = TensorProto.DataType
const { AttributeType } = AttributeProto

/** A value of the graph, by its name. */
export interface OnnxValue {
  readonly name: string
}

export interface GraphInput {
  readonly name: string
  readonly type: 'float32' | 'int32'
  /** Without the batch dimension. */
  readonly shape: readonly number[]
}

export interface OnnxGraph {
  /** Operations over these parameters, whose names in the graph start with the prefix. */
  opsOver(parameters: ParameterValues, prefix?: string): Ops<OnnxValue>
  /** Of x [B, N] these columns, in this order. */
  columnsAt(x: OnnxValue, places: readonly number[]): OnnxValue
  /** Whole numbers as numbers of 32 bits. */
  floats(x: OnnxValue): OnnxValue
  /** What trees add up to for columns [B, F], [B, outputs]; 0 where an output has none. */
  treeEnsemble(columns: OnnxValue, ensemble: TreeEnsemble): OnnxValue
  /** Declares an input, whose leading dimension is the batch. */
  input(spec: GraphInput): OnnxValue
  /**
   * Takes a whole model in, whose inputs are this graph's, its own names beginning with the prefix; gives its outputs
   * by name. Some of its inputs may be given as values instead.
   */
  include(
    model: Uint8Array,
    prefix: string,
    given?: ReadonlyMap<string, OnnxValue>,
  ): ReadonlyMap<string, OnnxValue>
  /** Names a value as an output [batch, width]. */
  output(name: string, result: { readonly value: OnnxValue; readonly width: number }): void
  /** The model as bytes: of all that was written, what the outputs need. */
  finish(): Uint8Array<ArrayBuffer>
}

type Attributes = Readonly<Record<string, number | readonly number[]>>

/** Starts an empty graph. */
export function createOnnxGraph(): OnnxGraph {
  const nodes: onnx.INodeProto[] = []
  const inputs: onnx.IValueInfoProto[] = []
  const outputs: onnx.IValueInfoProto[] = []
  const initializers = new Map<string, onnx.ITensorProto>()

  function node(opType: string, operands: readonly OnnxValue[], attributes: Attributes = {}): OnnxValue {
    const name = `${opType}_${nodes.length}`
    nodes.push({
      name,
      opType,
      input: operands.map((operand) => operand.name),
      output: [name],
      attribute: Object.entries(attributes).map(([key, value]) => attribute(key, value)),
    })
    return { name }
  }
  function initializer(tensor: onnx.ITensorProto & { name: string }): OnnxValue {
    initializers.set(tensor.name, tensor)
    return { name: tensor.name }
  }
  function floats(
    name: string,
    { values, shape }: { values: Float32Array; shape: readonly number[] },
  ): OnnxValue {
    return initializer({ name, dataType: FLOAT, dims: [...shape], rawData: bytesOf(values) })
  }
  /** A list of whole numbers, such as a shape or axes; equal lists are one. */
  function integers(values: readonly number[]): OnnxValue {
    const name = `integers_${values.join('_')}`
    const rawData = bytesOf(BigInt64Array.from(values, BigInt))
    return initializer({ name, dataType: INT64, dims: [values.length], rawData })
  }

  /** Ids; equal ones are one. */
  function integers32(values: readonly number[], shape: readonly number[]): OnnxValue {
    const name = `ids_${shape.join('_')}_of_${values.join('_')}`
    const rawData = bytesOf(Int32Array.from(values))
    return initializer({ name, dataType: INT32, dims: [...shape], rawData })
  }

  const opsOver: OnnxGraph['opsOver'] = (parameters, prefix = '') => ({
    parameter(name) {
      const value = parameters.get(name)
      if (value === undefined) throw new Error(`No value for parameter '${name}'`)
      // In a folder of their own, for inputs have names too.
      return floats(`parameter/${prefix}${name}`, value)
    },
    constant: (values, shape) =>
      floats(`constant_${initializers.size}`, { values: Float32Array.from(values), shape }),
    ids: integers32,
    gather: (table, ids) => node('Gather', [table, ids], { axis: 0 }),
    linear: (x, weight) => node('MatMul', [x, weight]),
    matMul: (a, b) => node('MatMul', [a, b]),
    add: (a, b) => node('Add', [a, b]),
    mul: (a, b) => node('Mul', [a, b]),
    div: (a, b) => node('Div', [a, b]),
    relu: (x) => node('Relu', [x]),
    log: (x) => node('Log', [x]),
    softmax: (x) => node('Softmax', [x], { axis: -1 }),
    layerNorm: (x, { gain, bias }) => node('LayerNormalization', [x, gain, bias], { axis: -1 }),
    sum: (x, axis) => node('ReduceSum', [x, integers([axis])], { keepdims: 0 }),
    reshape: (x, shape) => node('Reshape', [x, integers(shape)]),
    transpose: (x, permutation) => node('Transpose', [x], { perm: permutation }),
    slice: (x, { axis, from, to }) => node('Slice', [x, integers([from]), integers([to]), integers([axis])]),
    concat: (parts, axis) => node('Concat', parts, { axis }),
    placeBefore(ids) {
      const slice = (from: number, to: number): OnnxValue =>
        node('Slice', [ids, integers([from]), integers([to]), integers([1])])
      return node('Concat', [node('Mul', [slice(0, 1), integers32([0], [1])]), slice(0, -1)], { axis: 1 })
    },
    doublings: (x) => {
      const doubled = floats('doublings', { values: Float32Array.of(1 / Math.LN2), shape: [1] })
      return node('Cast', [node('Mul', [node('Log', [x]), doubled])], { to: INT32 })
    },
    isPresent: (ids) => node('Cast', [node('Cast', [ids], { to: BOOL })], { to: FLOAT }),
    dropout: (x) => x,
  })

  return {
    opsOver,
    columnsAt: (x, places) => node('Gather', [x, integers(places)], { axis: 1 }),
    floats: (x) => node('Cast', [x], { to: FLOAT }),
    treeEnsemble(columns, ensemble) {
      const name = `TreeEnsembleRegressor_${nodes.length}`
      nodes.push({
        name,
        opType: 'TreeEnsembleRegressor',
        domain: TREES_DOMAIN,
        input: [columns.name],
        output: [name],
        attribute: ensembleAttributes(ensemble),
      })
      return { name }
    },
    input({ name, type, shape }) {
      inputs.push(valueInfo(name, { type: type === 'int32' ? INT32 : FLOAT, shape }))
      return { name }
    },
    include(model, prefix, given = new Map<string, OnnxValue>()) {
      const { graph } = ModelProto.decode(model)
      if (!graph) throw new Error('Expected a model with a graph, got none')
      const shared = new Set(inputs.map(({ name }) => name))
      const named = (name: string): string =>
        given.get(name)?.name ?? (name === '' || shared.has(name) ? name : `${prefix}${name}`)
      for (const own of graph.initializer ?? []) {
        const name = named(own.name ?? '')
        initializers.set(name, { ...own, name })
      }
      for (const own of graph.node ?? []) {
        const [input, output] = [own.input, own.output].map((names) => (names ?? []).map(named))
        nodes.push({ ...own, name: named(own.name ?? ''), input: input ?? [], output: output ?? [] })
      }
      return new Map((graph.output ?? []).map(({ name }) => [name ?? '', { name: named(name ?? '') }]))
    },
    output(name, { value, width }) {
      nodes.push({ name, opType: 'Identity', input: [value.name], output: [name] })
      outputs.push(valueInfo(name, { type: FLOAT, shape: [width] }))
    },
    finish() {
      const needed = neededBy(outputs, nodes)
      const model = ModelProto.create({
        irVersion: IR_VERSION,
        producerName: 'presage',
        opsetImport: [
          { domain: '', version: OPSET_VERSION },
          ...(nodes.some(({ domain }) => domain === TREES_DOMAIN)
            ? [{ domain: TREES_DOMAIN, version: TREES_VERSION }]
            : []),
        ],
        graph: {
          name: 'model',
          node: nodes.filter((one) => isNeeded(one, needed)),
          initializer: [...initializers.values()].filter(({ name }) => needed.has(name ?? '')),
          input: inputs,
          output: outputs,
        },
      })
      return Uint8Array.from(ModelProto.encode(model).finish())
    },
  }
}

/** Names of all values that these outputs are made of. */
function neededBy(outputs: readonly onnx.IValueInfoProto[], nodes: readonly onnx.INodeProto[]): Set<string> {
  const needed = new Set(outputs.map(({ name }) => name ?? ''))
  // A node comes after those that it reads.
  for (const node of nodes.toReversed()) {
    if (isNeeded(node, needed)) for (const name of node.input ?? []) needed.add(name)
  }
  return needed
}

function isNeeded({ output }: onnx.INodeProto, needed: ReadonlySet<string>): boolean {
  return (output ?? []).some((name) => needed.has(name))
}

function attribute(name: string, value: number | readonly number[]): onnx.IAttributeProto {
  return typeof value === 'number'
    ? { name, type: AttributeType.INT, i: value }
    : { name, type: AttributeType.INTS, ints: [...value] }
}

/** As the operator names them. */
function ensembleAttributes({ nodes, weights, outputCount }: TreeEnsemble): onnx.IAttributeProto[] {
  const whole = (name: string, values: readonly number[]): onnx.IAttributeProto => attribute(name, values)
  const floats = (name: string, values: readonly number[]): onnx.IAttributeProto => {
    return { name, type: AttributeType.FLOATS, floats: [...values] }
  }
  return [
    attribute('n_targets', outputCount),
    whole('nodes_treeids', nodes.treeIds),
    whole('nodes_nodeids', nodes.ids),
    whole('nodes_featureids', nodes.columns),
    {
      name: 'nodes_modes',
      type: AttributeType.STRINGS,
      strings: nodes.modes.map((mode) => new TextEncoder().encode(mode)),
    },
    floats('nodes_values', nodes.values),
    whole('nodes_truenodeids', nodes.trueIds),
    whole('nodes_falsenodeids', nodes.falseIds),
    whole('nodes_missing_value_tracks_true', nodes.missingIsTrue),
    whole('target_treeids', weights.treeIds),
    whole('target_nodeids', weights.ids),
    whole('target_ids', weights.outputs),
    floats('target_weights', weights.values),
  ]
}

function valueInfo(
  name: string,
  { type, shape }: { readonly type: number; readonly shape: readonly number[] },
): onnx.IValueInfoProto {
  const dim = [{ dimParam: 'batch' }, ...shape.map((dimValue) => ({ dimValue }))]
  return { name, type: { tensorType: { elemType: type, shape: { dim } } } }
}

/** ONNX raw data is little-endian, as are the machines this runs on. */
function bytesOf(values: Float32Array | Int32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
