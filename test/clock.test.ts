// One clock for the whole service: what is asked of it and what it does by the clock agree on what time it is.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { clockFor } from '../functions/clock.ts'

const root = join(import.meta.dirname, '..')
const READS_THE_TIME = /\bDate\.now\b|\bnew Date\(\s*\)|\bperformance\.now\b|\bDate\(\s*\)/

describe('the clock of the service', () => {
  it('is read in one file alone', () => {
    const files = globSync('functions/**/*.ts', { cwd: root })
    const reading = files.filter((file) => READS_THE_TIME.test(readFileSync(join(root, file), 'utf8')))
    expect(reading).toEqual(['functions/clock.ts'])
  })

  it('is the machine’s, whatever a request says, where nothing is set', () => {
    for (const variables of [{}, { CLOCK: 'on' }]) {
      expect(Math.abs(clockFor(variables, '1000')() - Date.now())).toBeLessThan(1_000)
    }
  })

  it('goes on from what a request says, where a measurement lets it', () => {
    const clock = clockFor({ CLOCK: 'request' }, '86400000')
    expect(clock()).toBeGreaterThanOrEqual(86_400_000)
    expect(clock()).toBeLessThan(86_401_000)
    expect(() => clockFor({ CLOCK: 'request' }, 'noon')).toThrow('Unix milliseconds')
  })

  it('is let go by no deployment', () => {
    const sources = ['wrangler.toml', ...globSync('{cli,.github}/**/*.{ts,yml}', { cwd: root })]
    const setting = sources.filter((file) => /\bCLOCK\b\s*[:=]/.test(readFileSync(join(root, file), 'utf8')))
    expect(setting).toEqual([])
  })
})
