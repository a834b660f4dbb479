// The head of a model: the part that answers one task, with all that is needed to read its outputs. It
// keeps the whole declaration of its task, so that a bundle knows what it answers.
import type { Task } from '../project.ts'
import type { Curve } from './curve.ts'

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
  /** How many moments were learned from, by how much they knew (features/support.ts); absent in older bundles. */
  readonly support?: readonly number[] | undefined
}

/** How far shares that came true may lie from what is told, in log-odds, by what is told. */
export interface Margins {
  /** Rising log-odds of what is told: of the second of two classes, of the likeliest of more. */
  readonly cuts: readonly number[]
  /** One more than the cuts, none below zero. */
  readonly below: readonly number[]
  readonly above: readonly number[]
}

/** How logits of classes become probabilities: (logit + bias) / temperature, softmax, and the curve. */
export interface Calibration {
  readonly temperature: number
  /** One a class: undoes the class weights of training and moves base rates. */
  readonly bias: readonly number[]
  /** Of two classes what temperature and intercepts do not mend; absent where there is nothing. */
  readonly curve?: Curve | undefined
  /** Absent where too few examples tell, and in older bundles. */
  readonly margins?: Margins | undefined
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

/** Answers of a task that the prior gave, for want of skill or of what is known, say so. */
interface AnswerBase {
  readonly basis?: 'prior'
  /** Why the prior gave it, where the model is skilled: it learned of too few who were known as little. */
  readonly fallback?: 'too_little_known'
  /** How many moments of training looked like this. */
  readonly support?: number
}

/** Where, 19 times of 20, the share lies that comes true of moments with about this probability. */
export interface Interval {
  readonly lower: number
  readonly upper: number
}
export interface ProbabilityAnswer extends AnswerBase {
  readonly probability: number
  readonly interval?: Interval
}
/** `value` is the likeliest; the interval is of its probability. */
export interface ChoiceAnswer extends AnswerBase {
  readonly value: string
  readonly probabilities: Readonly<Record<string, number>>
  readonly interval?: Interval
}
/** In the unit of the events' values, or how many. */
export interface AmountAnswer extends AnswerBase {
  readonly expected: number
}
export type Answer = ProbabilityAnswer | ChoiceAnswer | AmountAnswer
export type Answers = Readonly<Record<string, Answer>>
