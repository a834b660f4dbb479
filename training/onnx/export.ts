// A trained model as ONNX bytes.
import { inputSpecs } from '../../features/encode.ts'
import { headWidth } from '../../features/manifest.ts'
import { createOnnxGraph } from '../graph/onnx-ops.ts'
import type { ParameterValues } from '../graph/parameters.ts'
import type { Family, ModelShape } from '../models/family.ts'

/** Writes the same calls that TensorFlow.js ran; the same parameters give the same bytes. */
export function exportOnnx(
  family: Family,
  { shape, parameters }: { readonly shape: ModelShape; readonly parameters: ParameterValues },
): Uint8Array<ArrayBuffer> {
  const graph = createOnnxGraph(parameters)
  const inputs = Object.fromEntries(inputSpecs(shape.features).map((spec) => [spec.name, graph.input(spec)]))
  const logits = family.build(graph.ops, inputs, shape)
  for (const head of shape.heads) {
    const value = logits[head.task]
    if (value === undefined) throw new Error(`Family '${family.name}' gives no logits for '${head.task}'`)
    graph.output(head.task, { value, width: headWidth(head) })
  }
  return graph.finish()
}
