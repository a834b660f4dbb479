// Which case a seed stands for, and what becomes of it.
import * as fc from 'fast-check'
import type { CaseReader, Outcome } from './check-case.ts'
import type { GeneratedCase } from './generated-case.ts'
import { logCase } from './log-case.ts'
import { tableCase } from './table-case.ts'

export const anyCase: fc.Arbitrary<GeneratedCase> = fc.oneof(tableCase, logCase)

/** Throws what is wrong with the case of this seed. */
export async function checkSeed(reader: CaseReader, seed: number): Promise<Outcome> {
  const [one] = fc.sample(anyCase, { seed, numRuns: 1 })
  if (one === undefined) throw new Error('Expected a case')
  return reader.check(one)
}

/** The smallest case that is found to fail as that of this seed does, described. */
export async function shrinkSeed(reader: CaseReader, seed: number, limitMs: number): Promise<string> {
  const property = fc.asyncProperty(anyCase, async (one) => {
    await reader.check(one)
  })
  const found = await fc.check(property, { seed, numRuns: 1, interruptAfterTimeLimit: limitMs })
  const [one] = found.counterexample ?? []
  const message = found.errorInstance instanceof Error ? found.errorInstance.message : ''
  return `${message}\n${JSON.stringify(one?.sheets)}`
}
