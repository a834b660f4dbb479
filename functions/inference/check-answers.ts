// Whether answers are answers: whatever a model gives, no caller is told a probability that is none.
import type { Answer, Answers, Head } from '../../features/heads/head.ts'

const SUM_TOLERANCE = 1e-6

/** Throws where an answer is missing, or its numbers are none of their kind. */
export function assertAnswers(heads: readonly Head[], answers: Answers): void {
  for (const head of heads) {
    const answer = answers[head.task]
    if (answer === undefined || !isAnswer(head, answer)) {
      throw new Error(`Task '${head.task}': expected an answer of kind '${head.kind}'`)
    }
  }
}

function isAnswer(head: Head, answer: Answer): boolean {
  switch (head.kind) {
    case 'probability':
      return 'probability' in answer && isShare(answer.probability)
    case 'choice':
      return 'probabilities' in answer && areShares(Object.values(answer.probabilities))
    case 'amount':
      return (
        'expected' in answer &&
        Number.isFinite(answer.expected) &&
        (answer.expected >= 0 || head.link === 'identity')
      )
  }
}

function isShare(value: number): boolean {
  return value >= 0 && value <= 1
}

function areShares(values: readonly number[]): boolean {
  const sum = values.reduce((total, value) => total + value, 0)
  return values.every(isShare) && Math.abs(sum - 1) <= SUM_TOLERANCE
}
