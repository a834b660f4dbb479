import { describe, expect, it } from 'vitest'
import { createProgress } from '../../../cli/terminal/progress.ts'

function record(isTTY: boolean) {
  let nowMs = 0
  const written: string[] = []
  const progress = createProgress({
    label: 'import',
    total: 1000,
    unit: 'rows',
    stream: { isTTY, write: (text: string) => written.push(text) },
    now: () => nowMs,
  })
  const at = (ms: number, count: number): void => {
    nowMs = ms
    progress.advance(count)
  }
  return { at, progress, written }
}

describe('createProgress', () => {
  it('rewrites one line with rate and remaining time on a terminal', () => {
    const { at, written } = record(true)
    at(50, 10)
    at(2000, 240)
    expect(written).toEqual(['\r\u001B[2Kimport: 250 of 1,000 rows (25 %), 125 a second, 6 s left'])
  })

  it('foretells nothing from the first rows, which may have waited', () => {
    const { at, written } = record(false)
    at(2000, 1)
    at(9000, 499)
    expect(written).toEqual([
      'import: 1 of 1,000 rows (0 %)\n',
      'import: 500 of 1,000 rows (50 %), 56 a second, 9 s left\n',
    ])
  })

  it('tells no share of more than was thought there would be', () => {
    const { at, written } = record(false)
    at(2000, 1_200)
    expect(written).toEqual(['import: 1,200 rows, 600 a second\n'])
  })

  it('writes a plain line now and then elsewhere', () => {
    const { at, progress, written } = record(false)
    for (let ms = 100; ms <= 10_000; ms += 100) at(ms, 5)
    progress.done()
    expect(written).toEqual([
      'import: 50 of 1,000 rows (5 %), 50 a second, 19 s left\n',
      'import: 300 of 1,000 rows (30 %), 50 a second, 14 s left\n',
      'import: 500 rows in 10.0 s\n',
    ])
  })
})
