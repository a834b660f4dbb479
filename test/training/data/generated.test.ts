// Files in every dialect: what was written is what is read, or it is refused in words that say why. More of them:
// bench/generated-files.ts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkSeed } from './generated/all-cases.ts'
import { createCaseReader } from './generated/check-case.ts'
import type { CaseReader, Outcome } from './generated/check-case.ts'

const FIRST_SEED = 20_000
const CASES = 100

let reader: CaseReader
beforeAll(async () => {
  reader = await createCaseReader()
})
afterAll(() => reader.close())

describe('files in every dialect', () => {
  it('are read as they were written', async () => {
    const outcomes: Outcome[] = []
    for (let seed = FIRST_SEED; seed < FIRST_SEED + CASES; seed += 1) {
      outcomes.push(await checkSeed(reader, seed))
    }
    // Nearly all can be read: a reader that refuses too much fails too.
    expect(outcomes.filter((outcome) => outcome === 'read').length).toBeGreaterThan(0.6 * CASES)
    expect(outcomes.filter((outcome) => outcome === 'unclear').length).toBeLessThan(0.1 * CASES)
  })
})
