// Files in every dialect: what was written is what is read, or it is refused in words that say why. More of them:
// bench/generated-files.ts.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkSeed } from './generated/all-cases.ts'
import { createCaseReader } from './generated/check-case.ts'
import type { CaseReader, Outcome } from './generated/check-case.ts'

const FIRST_SEED = 20_000
const BATCHES = 10
const BATCH = 20
const firstSeeds = Array.from({ length: BATCHES }, (_, batch) => FIRST_SEED + batch * BATCH)

let reader: CaseReader
beforeAll(async () => {
  reader = await createCaseReader()
})
afterAll(() => reader.close())

describe('files in every dialect', () => {
  it.each(firstSeeds)('are read as they were written: twenty from seed %i on', async (firstSeed) => {
    const outcomes: Outcome[] = []
    for (let seed = firstSeed; seed < firstSeed + BATCH; seed += 1)
      outcomes.push(await checkSeed(reader, seed))
    // What may be read or refused is seldom: a reader that refuses too much fails too.
    expect(outcomes.filter((outcome) => outcome === 'unclear').length).toBeLessThanOrEqual(BATCH / 4)
  })
})
