import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readBundle } from '../../../cli/storage/read-bundle.ts'
import { writeTinyBundle } from '../tiny-bundle.ts'

describe('readBundle', () => {
  it('takes a bundle whose card says nothing of what it knows for one that knows everything', async () => {
    const home = mkdtempSync(join(tmpdir(), 'presage-test-'))
    onTestFinished(() => rmSync(home, { recursive: true }))
    for (const card of ['{ "note": 1 }', '[]', 'null', '{ "rehearsal": null, "deployed": null }']) {
      const { bundle } = await readBundle(await writeTinyBundle(home, { card }))
      expect(bundle.card.rehearsal.tasks).toEqual({})
      expect(bundle.card.deployed.untilMs).toBeNull()
    }
  })

  it('gives what the card says', async () => {
    const home = mkdtempSync(join(tmpdir(), 'presage-test-'))
    onTestFinished(() => rmSync(home, { recursive: true }))
    const said = { project: 'shop', rehearsal: { tasks: { buys: {} } }, deployed: { untilMs: 5 } }
    const { bundle } = await readBundle(await writeTinyBundle(home, { card: JSON.stringify(said) }))
    expect(bundle.card).toEqual(said)
  })
})
