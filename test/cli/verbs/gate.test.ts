import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runPresage } from '../run-presage.ts'
import { writeTinyBundle } from '../tiny-bundle.ts'

let home: string
let bundle: string

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'presage-gate-'))
  bundle = await writeTinyBundle(join(home, 'shop', 'bundles'))
})
afterAll(() => rmSync(home, { recursive: true }))

describe('presage gate', () => {
  it('says at once that a bundle cannot be compared with itself', async () => {
    const ended = await runPresage(['gate', 'shop', '--data', 'unread.csv', '--champion', bundle], { home })
    expect(ended.code).toBe(1)
    expect(ended.stderr).toContain(`Bundle ${basename(bundle)} is the champion itself`)
  })
})
