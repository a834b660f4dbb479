// The head of a choice between named classes.
import { probabilitiesOf } from './calibration.ts'
import type { ChoiceHead, HeadKind } from './head.ts'

export const choice: HeadKind<ChoiceHead> = {
  width: (head) => head.classes.length,
  numbers: (head, output) => probabilitiesOf(output, head),
  answer: ({ classes }, numbers) => ({
    value: classes[likeliest(numbers)] ?? '',
    probabilities: Object.fromEntries(classes.map((name, index) => [name, numbers[index] ?? 0])),
  }),
  told: (_head, numbers) => likeliest(numbers),
  unit: () => 1,
}

function likeliest(numbers: readonly number[]): number {
  return numbers.indexOf(Math.max(...numbers))
}
