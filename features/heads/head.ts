// The head of a model: the part that answers one task, with all that is needed to read its outputs. It
// keeps the whole declaration of its task, so that a bundle knows what it answers.
import type { Task } from '../project.ts'

interface HeadBase {
  /** The name of the task. */
  readonly task: string
  /** What the task asks, as it was declared when the model was trained. */
  readonly declaration: Task
  /** 'prior' where the model is no better than the prior, or the outcome too rare: the prior answers. */
  readonly basis: 'model' | 'prior'
  /** What all moments of training say: the share of each class, or one mean amount. */
  readonly prior: readonly number[]
  /** What the first moments of users say: the answer about someone without a history. */
  readonly newcomerPrior: readonly number[]
}

/** How logits of classes become probabilities: (logit + bias) / temperature, then softmax. */
export interface Calibration {
  readonly temperature: number
  /** One a class: undoes the class weights of training and moves base rates. */
  readonly bias: readonly number[]
}

/** Will it happen: occurs, absent. */
export interface ProbabilityHead extends HeadBase, Calibration {
  readonly kind: 'probability'
  /** 'no' and 'yes'. */
  readonly classes: readonly string[]
}

/** Which of several: nextEvent, label. */
export interface ChoiceHead extends HeadBase, Calibration {
  readonly kind: 'choice'
  readonly classes: readonly string[]
}

/** How much: total, count. The amount is factor × scale × link(output). */
export interface AmountHead extends HeadBase {
  readonly kind: 'amount'
  /** softplus gives amounts above zero, identity any. */
  readonly link: 'softplus' | 'identity'
  /** The unit in which the model counts. */
  readonly scale: number
  /** Fitted on later data, so that predictions add up to what came. */
  readonly factor: number
}

export type Head = ProbabilityHead | ChoiceHead | AmountHead

/** What a kind of head adds to a model and how its outputs are read. A new kind is a new file. */
export interface HeadKind<Kind extends Head> {
  /** How many outputs the head takes. */
  width(head: Kind): number
  /**
   * What is reported, compared and averaged: probabilities of the classes, which sum to 1, or one amount.
   * @param output as many numbers as `width`
   */
  numbers(head: Kind, output: ArrayLike<number>): number[]
  /** The answer in the words of the project, for such numbers. */
  answer(head: Kind, numbers: readonly number[]): Answer
  /** Which of such numbers a person asks about: that of the class that is answered, or the amount. */
  told(head: Kind, numbers: readonly number[]): number
  /**
   * Differences from a number are measured in this unit: 1 for probabilities; the scale of an amount, or the
   * amount itself where it is more: amounts that hardly differ lie many scales from nothing, and numbers of
   * 32 bits are only so fine.
   */
  unit(head: Kind, number: number): number
}

/** Answers of a task that the prior gave for want of skill say so. */
interface AnswerBase {
  readonly basis?: 'prior'
}
export interface ProbabilityAnswer extends AnswerBase {
  readonly probability: number
}
/** `value` is the likeliest. */
export interface ChoiceAnswer extends AnswerBase {
  readonly value: string
  readonly probabilities: Readonly<Record<string, number>>
}
/** In the unit of the events' values, or how many. */
export interface AmountAnswer extends AnswerBase {
  readonly expected: number
}
export type Answer = ProbabilityAnswer | ChoiceAnswer | AmountAnswer
export type Answers = Readonly<Record<string, Answer>>
