// A model from elsewhere, as docs/bring-your-own-model.md says to write it, becomes a bundle that may serve.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { shop } from '../../../projects/shop.ts'
import { shopManifest } from '../../functions/shop.ts'
import { goldenText } from '../../functions/tiny-bundle.ts'
import { tinyModel } from '../../functions/tiny-model.ts'
import { jsonOf, runPresage } from '../run-presage.ts'

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'presage-test-'))
  onTestFinished(() => rmSync(path, { recursive: true }))
  return path
}

/** The four files of a maker, without hashes; the head is one that the shop asks for. */
function makerFolder({ golden, heads }: { golden?: string; heads?: 'other' } = {}): string {
  const made = shopManifest({ project: 'shop' })
  const [head] = made.heads
  if (head === undefined || head.kind !== 'probability') throw new Error('Expected a probability first')
  const [task, declaration] =
    Object.entries(shop.tasks).find(([, declared]) => declared.kind === head.declaration.kind) ?? []
  if (task === undefined || declaration === undefined) throw new Error('The shop asks no such question')
  const asked = heads === 'other' ? { ...head, task: 'nobodyAsks' } : { ...head, task, declaration }
  const { files: _none, ...manifest } = { ...made, family: 'their-own', heads: [asked] }
  const path = join(folder(), 'mine')
  mkdirSync(path)
  writeFileSync(join(path, 'manifest.json'), JSON.stringify(manifest, null, 2))
  writeFileSync(join(path, 'model.onnx'), tinyModel({ ...manifest, files: [] }))
  writeFileSync(join(path, 'golden.json'), golden ?? goldenText({ ...manifest, files: [] }))
  writeFileSync(join(path, 'card.json'), '{"by":"hand"}')
  return path
}

describe('presage check-bundle --seal', () => {
  it('makes a bundle that may serve, names the tasks it answers, and leaves the folder as it was', async () => {
    const [home, maker] = [folder(), makerFolder()]
    const ended = await runPresage(['check-bundle', maker, '--seal', '--json'], { home })
    expect(ended.stderr).toBe('')
    const told = jsonOf(ended) as { bundle: string; folder: string; tasks: { is: string }[] }
    expect(told.folder).toBe(join(home, 'shop/bundles', told.bundle))
    expect(told.tasks.filter(({ is }) => is === 'answered')).toHaveLength(1)
    expect(readdirSync(maker).toSorted()).toEqual(['card.json', 'golden.json', 'manifest.json', 'model.onnx'])
    const again = await runPresage(['check-bundle', told.folder], { home })
    expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('may serve') })
  })

  it('says what is wrong with a model that answers otherwise than its maker says, in one line', async () => {
    const other = goldenText({ ...shopManifest(), heads: [] })
    const [home, maker] = [folder(), makerFolder({ golden: other })]
    const ended = await runPresage(['check-bundle', maker, '--seal'], { home })
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toMatch(
      /^presage: The bundle in .* is refused: golden\.json: output \w+ does not fit: expected \d+ numbers .*, got no list\n$/,
    )
    expect(ended.stderr).toContain(maker)
    // What is refused must not be the one made last.
    expect(readdirSync(join(home, 'shop/bundles'))).toEqual([])
  })

  it('refuses a manifest that says what nobody reads, and names it', async () => {
    const [home, maker] = [folder(), makerFolder()]
    const path = join(maker, 'manifest.json')
    const manifest = JSON.parse(readFileSync(path, 'utf8')) as { heads: object[] }
    const heads = manifest.heads.map((head) => ({ ...head, suport: [1] }))
    writeFileSync(path, JSON.stringify({ ...manifest, heads }))
    const ended = await runPresage(['check-bundle', maker, '--seal'], { home })
    expect(ended).toMatchObject({ code: 1, stdout: '' })
    expect(ended.stderr).toContain("nothing is known of 'heads.0.suport'")
    expect(readdirSync(join(home, 'shop/bundles'))).toEqual([])
  })

  it('refuses a model that answers nothing that is asked, and a folder that lacks a file', async () => {
    const home = folder()
    const nothing = await runPresage(['check-bundle', makerFolder({ heads: 'other' }), '--seal'], { home })
    expect(nothing.stderr).toContain('answers nothing that project shop asks')
    const maker = makerFolder()
    rmSync(join(maker, 'golden.json'))
    const lacking = await runPresage(['check-bundle', maker, '--seal'], { home })
    expect(lacking).toMatchObject({ code: 1 })
    expect(lacking.stderr).toContain('golden.json is missing: docs/bring-your-own-model.md')
  })
})
