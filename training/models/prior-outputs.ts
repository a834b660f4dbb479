// The outputs of a head that mean its prior: where every model starts, and all that the prior gives.
import type { AmountHead, Calibration, Head } from '../../features/heads/head.ts'

const inverseLinks: Readonly<Record<AmountHead['link'], (amount: number) => number>> = {
  softplus: (amount) => (amount > 30 ? amount : Math.log(Math.expm1(Math.max(amount, 1e-6)))),
  identity: (amount) => amount,
}

type OutputsOf<Name extends Head['kind']> = (head: Extract<Head, { readonly kind: Name }>) => number[]

const outputsByKind: { readonly [Name in Head['kind']]: OutputsOf<Name> } = {
  probability: logFrequencies,
  choice: logFrequencies,
  amount: ({ prior, scale, link }) => [inverseLinks[link]((prior[0] ?? 0) / scale)],
}

/** As many numbers as the head is wide. */
export function priorOutputs(head: Head): number[] {
  // A head's own kind fits it; the compiler cannot follow that through the map.
  const outputsOf = outputsByKind[head.kind] as (head: Head) => number[]
  return outputsOf(head)
}

/** The same for so many examples, row-major [count, width]. */
export function priorColumn(head: Head, count: number): Float32Array<ArrayBuffer> {
  const outputs = priorOutputs(head)
  const places = { length: count * outputs.length }
  return Float32Array.from(places, (_, place) => outputs[place % outputs.length] ?? 0)
}

/** Without the bias that decode will add: it undoes the weights of classes in training. */
function logFrequencies({ prior, bias }: Calibration & Pick<Head, 'prior'>): number[] {
  return prior.map((share, index) => Math.log(share) - (bias[index] ?? 0))
}
