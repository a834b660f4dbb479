import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { latestBundle } from '../../../cli/storage/publish.ts'

/** A folder of bundles with these names, the last of which is the newest. */
function bundlesNamed(names: readonly string[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  for (const [index, name] of names.entries()) {
    mkdirSync(join(folder, name))
    writeFileSync(join(folder, name, 'manifest.json'), '{}')
    utimesSync(join(folder, name), index + 1, index + 1)
  }
  return folder
}

describe('latestBundle', () => {
  it('gives the bundle that was made last, and no draft that was left behind', () => {
    const folder = bundlesNamed(['0b', '0a', '0c.draft-17'])
    expect(latestBundle(folder)).toBe(join(folder, '0a'))
  })

  it('gives nothing where there is no bundle', () => {
    expect(latestBundle(bundlesNamed([]))).toBe(undefined)
    expect(latestBundle(join(bundlesNamed([]), 'nowhere'))).toBe(undefined)
  })
})
