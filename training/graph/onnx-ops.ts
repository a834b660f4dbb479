// Ops as ONNX nodes: the same calls that TensorFlow.js ran are written down with standard operators
// of opset 17. Names are numbered in the order of the calls, so that the same model gives the same bytes.
// The package is CommonJS, whose names Node does not see.
import onnxProto from 'onnx-proto'
import type { onnx } from 'onnx-proto'
import type { Ops } from './ops.ts'
import type { ParameterValues } from './parameters.ts'

/** Opset 17 is the first with LayerNormalization. */
const OPSET_VERSION = 17
const IR_VERSION = 8
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
  readonly ops: Ops<OnnxValue>
  /** Declares an input, whose leading dimension is the batch. */
  input(spec: GraphInput): OnnxValue
  /** Names a value as an output [batch, width]. */
  output(name: string, result: { readonly value: OnnxValue; readonly width: number }): void
  /** The whole model as bytes. */
  finish(): Uint8Array<ArrayBuffer>
}

type Attributes = Readonly<Record<string, number | readonly number[]>>

/** Starts an empty graph over the values of trained parameters. */
export function createOnnxGraph(parameters: ParameterValues): OnnxGraph {
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

  const ops: Ops<OnnxValue> = {
    parameter(name) {
      const value = parameters.get(name)
      if (value === undefined) throw new Error(`No value for parameter '${name}'`)
      // A prefix, for inputs have names of their own.
      return floats(`parameter/${name}`, value)
    },
    constant: (values, shape) =>
      floats(`constant_${initializers.size}`, { values: Float32Array.from(values), shape }),
    gather: (table, ids) => node('Gather', [table, ids], { axis: 0 }),
    linear: (x, weight) => node('MatMul', [x, weight]),
    matMul: (a, b) => node('MatMul', [a, b]),
    add: (a, b) => node('Add', [a, b]),
    mul: (a, b) => node('Mul', [a, b]),
    div: (a, b) => node('Div', [a, b]),
    relu: (x) => node('Relu', [x]),
    softmax: (x) => node('Softmax', [x], { axis: -1 }),
    layerNorm: (x, { gain, bias }) => node('LayerNormalization', [x, gain, bias], { axis: -1 }),
    sum: (x, axis) => node('ReduceSum', [x, integers([axis])], { keepdims: 0 }),
    reshape: (x, shape) => node('Reshape', [x, integers(shape)]),
    transpose: (x, permutation) => node('Transpose', [x], { perm: permutation }),
    slice: (x, { axis, from, to }) => node('Slice', [x, integers([from]), integers([to]), integers([axis])]),
    concat: (parts, axis) => node('Concat', parts, { axis }),
    isPresent: (ids) => node('Cast', [node('Cast', [ids], { to: BOOL })], { to: FLOAT }),
    dropout: (x) => x,
  }

  return {
    ops,
    input({ name, type, shape }) {
      inputs.push(valueInfo(name, { type: type === 'int32' ? INT32 : FLOAT, shape }))
      return { name }
    },
    output(name, { value, width }) {
      nodes.push({ name, opType: 'Identity', input: [value.name], output: [name] })
      outputs.push(valueInfo(name, { type: FLOAT, shape: [width] }))
    },
    finish() {
      const model = ModelProto.create({
        irVersion: IR_VERSION,
        producerName: 'presage',
        opsetImport: [{ domain: '', version: OPSET_VERSION }],
        graph: {
          name: 'model',
          node: nodes,
          initializer: [...initializers.values()],
          input: inputs,
          output: outputs,
        },
      })
      return Uint8Array.from(ModelProto.encode(model).finish())
    },
  }
}

function attribute(name: string, value: number | readonly number[]): onnx.IAttributeProto {
  return typeof value === 'number'
    ? { name, type: AttributeType.INT, i: value }
    : { name, type: AttributeType.INTS, ints: [...value] }
}

function valueInfo(
  name: string,
  { type, shape }: { readonly type: number; readonly shape: readonly number[] },
): onnx.IValueInfoProto {
  const dim = [{ dimParam: 'batch' }, ...shape.map((dimValue) => ({ dimValue }))]
  return { name, type: { tensorType: { elemType: type, shape: { dim } } } }
}

/** ONNX raw data is little-endian, as are the machines this runs on. */
function bytesOf(values: Float32Array | BigInt64Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength)
}
