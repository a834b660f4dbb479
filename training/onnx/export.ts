// A trained model as ONNX bytes: one graph, in which each part has parameters and tasks of its own.
import { inputSpecs } from '../../features/encode.ts'
import { headWidth } from '../../features/heads/kinds.ts'
import type { OnnxValue } from '../graph/onnx-ops.ts'
import { createOnnxGraph } from '../graph/onnx-ops.ts'
import type { ParameterValues } from '../graph/parameters.ts'
import type { ModelShape } from '../models/family.ts'
import type { Build } from '../models/model.ts'

export interface ModelPart {
  readonly build: Build
  readonly parameters: ParameterValues
  /** Those that this part answers. */
  readonly tasks: readonly string[]
}

/**
 * Writes the same calls that TensorFlow.js ran; the same parameters give the same bytes. Throws where a
 * task is answered by no part.
 */
export function exportOnnx(shape: ModelShape, parts: readonly ModelPart[]): Uint8Array<ArrayBuffer> {
  const graph = createOnnxGraph()
  const inputs = Object.fromEntries(inputSpecs(shape.features).map((spec) => [spec.name, graph.input(spec)]))
  const answers: Record<string, OnnxValue | undefined> = {}
  for (const [place, { build, parameters, tasks }] of parts.entries()) {
    const prefix = parts.length === 1 ? '' : `part${place}/`
    const logits = build(graph.opsOver(parameters, prefix), inputs, shape)
    for (const task of tasks) answers[task] = logits[task]
  }
  for (const head of shape.heads) {
    const value = answers[head.task]
    if (value === undefined) throw new Error(`No part of the model answers '${head.task}'`)
    graph.output(head.task, { value, width: headWidth(head) })
  }
  return graph.finish()
}
