// Whether a model may be run: plain ONNX, of the operators that our models are written with, none of which
// can run on for ever or read from elsewhere. What a bundle's model computes is for golden rows to say.
// The package is CommonJS, whose names Node does not see.
import onnxProto from 'onnx-proto'
import type { onnx } from 'onnx-proto'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'

export type ModelFault =
  | { readonly code: 'not_onnx'; readonly message: string }
  | { readonly code: 'foreign_opset'; readonly domain: string; readonly version: number }
  | { readonly code: 'foreign_operator'; readonly domain: string; readonly operator: string }
  /** A graph in an attribute: a loop or a branch. */
  | { readonly code: 'control_flow'; readonly operator: string }
  | { readonly code: 'external_data'; readonly tensor: string }
  /** Functions or training of its own, sparse tensors: parts that our models do not have. */
  | { readonly code: 'foreign_part'; readonly part: string }

/** By domain: the oldest opset, and the operators. The one without a name is ONNX's own. */
const allowed: Readonly<
  Record<string, { readonly versionMin: number; readonly operators: readonly string[] }>
> = {
  '': {
    versionMin: 17,
    operators: [
      'Add',
      'Cast',
      'Concat',
      'Div',
      'Gather',
      'Identity',
      'LayerNormalization',
      'Log',
      'MatMul',
      'Mul',
      'ReduceSum',
      'Relu',
      'Reshape',
      'Slice',
      'Softmax',
      'Transpose',
    ],
  },
  'ai.onnx.ml': { versionMin: 3, operators: ['TreeEnsembleRegressor'] },
}
const CONTROL_FLOW = ['If', 'Loop', 'Scan', 'SequenceMap']

/** The operators of a model, each once, in order. */
export function checkModel(bytes: Uint8Array): Result<string[], ModelFault> {
  const decoded = decode(bytes)
  if (!decoded.ok) return decoded
  const { graph, opsetImport, functions, trainingInfo } = decoded.value
  if (graph === undefined || graph === null) return fail({ code: 'not_onnx', message: 'it has no graph' })
  if (functions.length > 0) return fail({ code: 'foreign_part', part: 'functions' })
  if (trainingInfo.length > 0) return fail({ code: 'foreign_part', part: 'training' })
  const fault = first(opsetImport, opsetFault) ?? first(graph.node ?? [], nodeFault) ?? tensorFault(graph)
  if (fault !== undefined) return fail(fault)
  return succeed([...new Set((graph.node ?? []).map(({ opType }) => opType ?? ''))].toSorted())
}

/** The same, for a model that ought to be in order. Throws what is wrong with it. */
export function checkOperators(bytes: Uint8Array): string[] {
  const checked = checkModel(bytes)
  if (!checked.ok) throw new Error(describeModelFault(checked.reason))
  return checked.value
}

/** The line that is shown. */
export function describeModelFault(fault: ModelFault): string {
  switch (fault.code) {
    case 'not_onnx':
      return `The model is no ONNX: ${fault.message}`
    case 'foreign_opset':
      return `The model asks for version ${fault.version} of the operators of '${fault.domain}', which are not run`
    case 'foreign_operator':
      return `The model uses operator ${nameOf(fault)}, which is not among those that are run`
    case 'control_flow':
      return `The model uses ${fault.operator}: loops and branches are not run`
    case 'external_data':
      return `The model keeps '${fault.tensor}' outside of its file`
    case 'foreign_part':
      return `The model has ${fault.part} of its own, which are not run`
  }
}

function decode(bytes: Uint8Array): Result<onnx.ModelProto, ModelFault> {
  try {
    return succeed(onnxProto.onnx.ModelProto.decode(bytes))
  } catch (error) {
    return fail({ code: 'not_onnx', message: error instanceof Error ? error.message : String(error) })
  }
}

function opsetFault({ domain, version }: onnx.IOperatorSetIdProto): ModelFault | undefined {
  const name = standard(domain)
  const known = Object.hasOwn(allowed, name) ? allowed[name] : undefined
  if (known !== undefined && Number(version) >= known.versionMin) return undefined
  return { code: 'foreign_opset', domain: name, version: Number(version) }
}

function nodeFault({ domain, opType, attribute }: onnx.INodeProto): ModelFault | undefined {
  const name = standard(domain)
  const operator = opType ?? ''
  const holdsGraph = (attribute ?? []).some(({ g, graphs }) => isPresent(g) || (graphs ?? []).length > 0)
  if (holdsGraph || CONTROL_FLOW.includes(operator)) return { code: 'control_flow', operator }
  const known = Object.hasOwn(allowed, name) ? allowed[name] : undefined
  if (!known?.operators.includes(operator)) return { code: 'foreign_operator', domain: name, operator }
  // Ours have numbers and texts alone; a tensor here might be kept outside.
  const holdsTensor = (attribute ?? []).some(
    ({ t, tensors, sparseTensor, sparseTensors }) =>
      isPresent(t) ||
      isPresent(sparseTensor) ||
      (tensors ?? []).length > 0 ||
      (sparseTensors ?? []).length > 0,
  )
  return holdsTensor ? { code: 'foreign_part', part: `tensors in the attributes of ${operator}` } : undefined
}

function tensorFault({ initializer, sparseInitializer }: onnx.IGraphProto): ModelFault | undefined {
  if ((sparseInitializer ?? []).length > 0) return { code: 'foreign_part', part: 'sparse tensors' }
  const outside = (initializer ?? []).find(
    ({ dataLocation, externalData }) => Boolean(dataLocation) || (externalData ?? []).length > 0,
  )
  return outside === undefined ? undefined : { code: 'external_data', tensor: outside.name ?? '' }
}

function standard(domain: string | null | undefined): string {
  return domain === undefined || domain === null || domain === 'ai.onnx' ? '' : domain
}

function nameOf({ domain, operator }: { readonly domain: string; readonly operator: string }): string {
  return domain === '' ? operator : `${domain}.${operator}`
}

function isPresent(value: unknown): boolean {
  return value !== undefined && value !== null
}

function first<T>(
  values: readonly T[],
  faultOf: (value: T) => ModelFault | undefined,
): ModelFault | undefined {
  for (const value of values) {
    const fault = faultOf(value)
    if (fault !== undefined) return fault
  }
  return undefined
}
