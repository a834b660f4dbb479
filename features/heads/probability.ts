// The head of a yes or no: two classes, of which the second's probability is the answer.
import { probabilitiesOf } from './calibration.ts'
import type { HeadKind, ProbabilityHead } from './head.ts'

export const probability: HeadKind<ProbabilityHead> = {
  width: (head) => head.classes.length,
  numbers: (head, output) => probabilitiesOf(output, head),
  answer: (_head, numbers) => ({ probability: numbers[1] ?? 0 }),
  told: () => 1,
  unit: () => 1,
}
