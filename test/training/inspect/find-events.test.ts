// What is found in a folder of a log and what stands beside it.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { inspect } from '../../../training/inspect/inspect.ts'

const folder = mkdtempSync(join(tmpdir(), 'inspect-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

const DAY_MS = 86_400_000
const START_MS = Date.UTC(2026, 0, 1)

function write(name: string, lines: readonly string[]): void {
  writeFileSync(join(folder, name), `${lines.join('\n')}\n`)
}

describe('a log with registrations long before', () => {
  it('spans what its main file spans, and looks ahead as far as that allows', async () => {
    const iso = (ms: number): string => new Date(ms).toISOString()
    const clicks = Array.from({ length: 2_400 }, (_, row) => {
      const at = iso(START_MS + row * 0.02 * DAY_MS)
      return `s${(row * 7) % 60},page${row % 23},${at}`
    })
    const early = Array.from({ length: 60 }, (_, user) => {
      return `s${user},${iso(START_MS - (300 - user) * DAY_MS)}`
    })
    write('clicks.csv', ['student_id,page_id,clicked_at', ...clicks])
    write('registrations.csv', ['student_id,registered_at', ...early, ...early.slice(0, 20)])
    const inspected = await inspect({ paths: [folder] })
    if (!inspected.ok || inspected.value.shape.kind !== 'events') throw new Error('Expected a log')
    const { spanMs, startMs, horizonMs, parts } = inspected.value.shape
    expect(parts.map(({ file }) => file.name)).toEqual(['clicks', 'registrations'])
    expect(startMs).toBe(START_MS)
    expect(spanMs / DAY_MS).toBeCloseTo(48, 0)
    expect(horizonMs * 6).toBeLessThanOrEqual(spanMs)
  })
})
