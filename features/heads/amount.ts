// The head of an amount: one output, by a link that keeps it above zero or lets it be any.
import type { AmountHead, HeadKind } from './head.ts'

type Link = AmountHead['link']

const links: Readonly<Record<Link, (output: number) => number>> = {
  // log(1 + e^x), written so that a large output does not overflow.
  softplus: (output) => Math.max(output, 0) + Math.log1p(Math.exp(-Math.abs(output))),
  identity: (output) => output,
}

export const amount: HeadKind<AmountHead> = {
  width: () => 1,
  numbers: ({ link, scale, factor }, output) => [factor * scale * links[link](output[0] ?? Number.NaN)],
  answer: (_head, numbers) => ({ expected: numbers[0] ?? 0 }),
  told: () => 0,
  unit: ({ scale }, number) => Math.max(scale, Math.abs(number)),
}
