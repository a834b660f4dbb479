// Whether a model is plain ONNX: standard operators only, of an opset that runtimes have long had.
// The package is CommonJS, whose names Node does not see.
import onnxProto from 'onnx-proto'

const OPSET_VERSION_MIN = 17

/** The operators of a model, each once, in order. Throws where the model is not plain ONNX. */
export function checkOperators(model: Uint8Array): string[] {
  const { graph, opsetImport } = onnxProto.onnx.ModelProto.decode(model)
  for (const { domain, version } of opsetImport) {
    if (domain !== '' && domain !== 'ai.onnx') throw new Error(`Domain '${domain}' is not standard ONNX`)
    if (Number(version) < OPSET_VERSION_MIN) {
      throw new Error(`Opset ${String(version)} is older than ${OPSET_VERSION_MIN}`)
    }
  }
  const nodes = graph?.node ?? []
  const foreign = nodes.find(({ domain }) => domain !== '' && domain !== 'ai.onnx')
  if (foreign !== undefined)
    throw new Error(`Operator ${foreign.domain}.${foreign.opType} is not standard ONNX`)
  return [...new Set(nodes.map(({ opType }) => opType ?? ''))].toSorted()
}
