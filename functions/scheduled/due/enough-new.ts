// Enough new events, or labels, since the last training: a share of what it had, and never a handful.
import { heardThen } from './rule.ts'
import type { DueRule } from './rule.ts'

interface Enough {
  readonly countMin: number
  /** Of what there was before. */
  readonly shareMin: number
}

export function enoughNew(kind: 'events' | 'labels', { countMin, shareMin }: Enough): DueRule {
  return ({ facts }) => {
    const before = heardThen(facts, kind)
    const count = facts.heard[kind] - before
    const wanted = Math.max(countMin, Math.ceil(shareMin * before))
    return { isDue: count >= wanted, why: `${count} new ${kind} of ${wanted} wanted` }
  }
}
