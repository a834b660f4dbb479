// The head of a choice between named classes.
import { probabilitiesOf } from './calibration.ts'
import type { ChoiceHead, HeadKind } from './head.ts'

export const choice: HeadKind<ChoiceHead> = {
  width: (head) => head.classes.length,
  numbers: (head, output) => probabilitiesOf(output, head),
  answer: ({ classes }, numbers) => ({
    value: classes[numbers.indexOf(Math.max(...numbers))] ?? '',
    probabilities: Object.fromEntries(classes.map((name, index) => [name, numbers[index] ?? 0])),
  }),
  unit: () => 1,
}
