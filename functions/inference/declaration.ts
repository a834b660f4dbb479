// Whether a model declares the inputs and outputs that its manifest says it has.
import { headWidth } from '../../features/heads/kinds.ts'
import type { InputSpec, Manifest } from '../../features/manifest.ts'
import type { ModelFault } from './bundle-error.ts'
import type { DeclaredValue, ModelSession } from './runtime.ts'

/** What is wrong with the declared inputs and outputs; undefined where they are the manifest's. */
export function declarationFault(
  { inputs, outputs }: ModelSession,
  manifest: Manifest,
): ModelFault | undefined {
  if (!areThose(inputs, manifest.inputs)) return { code: 'other_inputs' }
  const heads = manifest.heads.map((head) => ({
    name: head.task,
    type: 'float32' as const,
    shape: [headWidth(head)],
  }))
  return areThose(outputs, heads) ? undefined : { code: 'other_outputs' }
}

function areThose(declared: readonly DeclaredValue[], specs: readonly InputSpec[]): boolean {
  return (
    declared.length === specs.length &&
    specs.every((spec) => {
      const value = declared.find(({ name }) => name === spec.name)
      return value !== undefined && value.type === spec.type && fits(value.shape, spec.shape)
    })
  )
}

/** Whether rows of this shape fit, one at a time: a batch of one or of any size. */
function fits([batch, ...sizes]: DeclaredValue['shape'], shape: readonly number[]): boolean {
  const isOne = typeof batch === 'string' || batch === 1
  return isOne && sizes.length === shape.length && sizes.every((size, index) => size === shape[index])
}
