// presage tune as a user runs it, on a tiny table whose project has settings that are plainly bad.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonOf, leftovers, runPresage } from '../run-presage.ts'
import type { Ended } from '../run-presage.ts'
import { visitsTable } from '../small-files.ts'

const BAD = "training: { family: 'trees', settings: { roundsMax: 30, learningRate: 0.0001 } },"

function projectText(training: string): string {
  const features = join(import.meta.dirname, '../../../features/project.ts')
  return `// Kept as it is: } training: {
import { defineProject, label, number } from '${features}'

export const visits = defineProject({
  name: 'visits',
  user: { PageValues: number(), BounceRates: number() },
    ${training}
  tasks: { buys: label(['FALSE', 'TRUE']) }, // of each row
  source: { kind: 'table', labels: { buys: 'Revenue' } },
})
`
}

let home: string
let file: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'presage-test-'))
  file = join(home, 'visits.project.ts')
  writeFileSync(join(home, 'table.csv'), visitsTable())
  writeFileSync(file, projectText(BAD))
})
afterAll(() => rmSync(home, { recursive: true }))

function tune(more: readonly string[] = [], interruptAt?: RegExp): Promise<Ended> {
  const args = ['tune', file, '--data', join(home, 'table.csv'), ...more]
  return runPresage(args, { home, ...(interruptAt !== undefined && { interruptAt }) })
}

describe('presage tune', () => {
  it('keeps what it found when Ctrl-C comes, and changes nothing then', async () => {
    const cut = await tune([], /trial \d+ \(/)
    expect(cut.code).toBe(130)
    expect(cut.stderr).toMatch(/what was found is kept: the same command goes on\n/)
    expect(readFileSync(file, 'utf8')).toBe(projectText(BAD))
    expect(await leftovers(home)).toEqual([])
  })

  it('goes on from there, and lands better settings in the file, which else stays as it is', async () => {
    const ended = await tune(['--rounds', '1', '--json'])
    expect(ended.stderr).toMatch(/going on after \d+ trials/)
    expect(ended.stderr).not.toContain("the project's own settings:")
    const { settings, written } = jsonOf(ended) as {
      readonly settings: Readonly<Record<string, number>>
      readonly written: boolean
    }
    expect(written).toBe(true)
    expect(settings).toMatchObject({ roundsMax: 30 })
    expect(settings['learningRate']).toBeGreaterThanOrEqual(0.01)
    const text = readFileSync(file, 'utf8')
    const landed = /(?<=^ {4})training: \{[^]*?\n {4}\},/m.exec(text)?.[0] ?? ''
    expect(text).toBe(projectText(landed))
    expect(landed).toContain(`learningRate: ${settings['learningRate']},`)
  })

  it.each([
    ['no minutes', ['--minutes', '0'], /Expected a number above 0 \(presage tune --help\)/],
    [
      'a family without settings',
      ['--family', 'prior'],
      /^presage: Family 'prior' has no settings to search; there are softmax, .*\(--family\)\n$/,
    ],
  ])('refuses %s', async (_, more, message) => {
    const { code, stdout, stderr } = await tune(more)
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(message)
  })
})
