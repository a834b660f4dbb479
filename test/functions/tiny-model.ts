// Tiny models for tests, built by hand with onnx-proto: they use the inputs, and their logits are easy
// to compute without ONNX Runtime.
import { onnx } from 'onnx-proto'
import { headWidth } from '../../features/heads/kinds.ts'
import type { Head } from '../../features/heads/head.ts'
import type { Manifest } from '../../features/manifest.ts'

const FLOAT = onnx.TensorProto.DataType.FLOAT
const INT32 = onnx.TensorProto.DataType.INT32

/**
 * Every head is numbers [1, N] × W [N, width], plus the type ids [1, T] × V [T, width]; weights are
 * those of `weightOf`. With `nan`, every logit is not a number; with `batch`, it takes one row at a time.
 */
export function tinyModel(
  manifest: Manifest,
  options: { readonly nan?: boolean; readonly batch?: 1 } = {},
): Uint8Array<ArrayBuffer> {
  const numbersLength = lengthOf(manifest, 'numbers')
  const typesLength = lengthOf(manifest, 'types')
  const nodes = [node('Cast', { inputs: ['types'], output: 'typeNumbers' })]
  nodes[0]?.attribute?.push(
    onnx.AttributeProto.create({ name: 'to', type: onnx.AttributeProto.AttributeType.INT, i: FLOAT }),
  )
  const weights: onnx.ITensorProto[] = []
  for (const head of manifest.heads) {
    weights.push(
      weightTensor(`${head.task}.W`, { head, rows: numbersLength, nan: options.nan === true }),
      weightTensor(`${head.task}.V`, { head, rows: typesLength, nan: false }),
    )
    nodes.push(
      node('MatMul', { inputs: ['numbers', `${head.task}.W`], output: `${head.task}.fromNumbers` }),
      node('MatMul', { inputs: ['typeNumbers', `${head.task}.V`], output: `${head.task}.fromTypes` }),
      node('Add', { inputs: [`${head.task}.fromNumbers`, `${head.task}.fromTypes`], output: head.task }),
    )
  }
  const model = onnx.ModelProto.create({
    irVersion: 8,
    opsetImport: [{ domain: '', version: 17 }],
    graph: {
      name: 'tiny',
      node: nodes,
      initializer: weights,
      input: manifest.inputs.map((spec) =>
        valueInfo(spec.name, {
          type: spec.type === 'int32' ? INT32 : FLOAT,
          shape: spec.shape,
          batch: options.batch,
        }),
      ),
      output: manifest.heads.map((head) =>
        valueInfo(head.task, { type: FLOAT, shape: [headWidth(head)], batch: options.batch }),
      ),
    },
  })
  return Uint8Array.from(onnx.ModelProto.encode(model).finish())
}

/** The weight of a head at a row and column: small, and different from its neighbours and other heads'. */
function weightOf({ task }: Head, row: number, column: number): number {
  return Math.fround((((row * 7 + column * 3 + task.length * 2) % 11) - 5) / 50)
}

/** The logits that the tiny model gives for a head, computed here. */
export function tinyLogits(encoded: Readonly<Record<string, ArrayLike<number>>>, head: Head): number[] {
  const terms = [
    ...Array.from(encoded['numbers'] ?? []).entries(),
    ...Array.from(encoded['types'] ?? []).entries(),
  ]
  return Array.from({ length: headWidth(head) }, (_, column) =>
    terms.reduce((sum, [row, value]) => sum + value * weightOf(head, row, column), 0),
  )
}

function lengthOf(manifest: Manifest, name: string): number {
  const spec = manifest.inputs.find((input) => input.name === name)
  if (spec?.shape[0] === undefined) throw new Error(`The tiny model needs the input '${name}'`)
  return spec.shape[0]
}

function node(
  opType: string,
  { inputs, output }: { readonly inputs: string[]; readonly output: string },
): onnx.INodeProto {
  return { opType, input: inputs, output: [output], attribute: [] }
}

function weightTensor(
  name: string,
  { head, rows, nan }: { readonly head: Head; readonly rows: number; readonly nan: boolean },
): onnx.ITensorProto {
  const columns = headWidth(head)
  const values = Array.from({ length: rows * columns }, (_, index) =>
    nan ? Number.NaN : weightOf(head, Math.floor(index / columns), index % columns),
  )
  return { name, dataType: FLOAT, dims: [rows, columns], floatData: values }
}

function valueInfo(
  name: string,
  {
    type,
    shape,
    batch,
  }: { readonly type: number; readonly shape: readonly number[]; readonly batch: 1 | undefined },
): onnx.IValueInfoProto {
  const rows = batch === undefined ? { dimParam: 'batch' } : { dimValue: batch }
  const dim = [rows, ...shape.map((size) => ({ dimValue: size }))]
  return { name, type: { tensorType: { elemType: type, shape: { dim } } } }
}
