// presage train as a user runs it, on small files.
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { jsonOf, leftovers, runPresage } from '../run-presage.ts'
import type { Ended } from '../run-presage.ts'
import { shopLog, visitsTable } from '../small-files.ts'

let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'presage-test-'))
  writeFileSync(join(home, 'log.ndjson'), shopLog())
  writeFileSync(join(home, 'no-purchase.ndjson'), shopLog({ types: ['view', 'cart', 'search'] }))
  writeFileSync(join(home, 'table.csv'), visitsTable())
  writeFileSync(join(home, 'no-sale.csv'), visitsTable({ revenue: 'FALSE' }))
  const [head = '', first = '', ...rows] = visitsTable().split('\n')
  writeFileSync(join(home, 'bad.csv'), [head, first, first.replace(/\w+$/, 'MAYBE'), ...rows].join('\n'))
})
afterAll(() => rmSync(home, { recursive: true }))

interface Arguments {
  readonly project: string
  readonly file: string
  readonly more?: readonly string[]
  readonly interruptAt?: RegExp
}

function train({ project, file, more = [], interruptAt }: Arguments): Promise<Ended> {
  const args = ['train', project, '--data', join(home, file), '--family', 'softmax', ...more]
  return runPresage(args, { home, ...(interruptAt !== undefined && { interruptAt }) })
}

function bundlesOf(project: string): string[] {
  const folder = join(home, project, 'bundles')
  return existsSync(folder) ? readdirSync(folder) : []
}

describe('presage train', () => {
  it("prints the bundle's folder and nothing else on stdout where that is no terminal", async () => {
    const { code, stdout } = await train({ project: 'online-shoppers', file: 'table.csv' })
    expect(code).toBe(0)
    const [folder = '', ...others] = stdout.split('\n')
    expect(others).toEqual([''])
    for (const file of ['model.onnx', 'manifest.json', 'card.json']) {
      expect(existsSync(join(folder, file))).toBe(true)
    }
    expect(await leftovers(home)).toEqual([])
  })

  it('refuses a bad row and says in which line it is', async () => {
    const { code, stdout, stderr } = await train({ project: 'online-shoppers', file: 'bad.csv' })
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain('bad.csv: 1 bad row (--skip-bad-rows reads the others)')
    expect(stderr).toContain("line 3: buys: expected one of FALSE, TRUE, found 'MAYBE'")
    expect(await leftovers(home)).toEqual([])
  })

  it('counts the bad rows it skips', async () => {
    const more = ['--skip-bad-rows', '--json']
    const card = jsonOf(await train({ project: 'online-shoppers', file: 'bad.csv', more }))
    expect(card).toMatchObject({ family: 'softmax', data: { labelledRows: 400, skippedRows: 1 } })
  })

  const refusals: [string, Arguments, RegExp][] = [
    [
      'a family that is not there',
      { project: 'shop', file: 'log.ndjson', more: ['--family', 'forest'] },
      /^presage: There is no family 'forest'; there are prior, ngrams, softmax, tabular, pooled, transformer, trees, auto.*\n$/,
    ],
    [
      'a label that never occurs in a table',
      { project: 'online-shoppers', file: 'no-sale.csv' },
      /presage: No task can be learned\. Task 'buys': 'TRUE' came true in 0 of \d+ training examples; at least 25 are needed\n$/,
    ],
    [
      'a table where a log is declared',
      { project: 'shop', file: 'table.csv' },
      /presage: .*table\.csv: no column 'type'/,
    ],
  ]
  it.each(refusals)('refuses %s', async (_name, request, message) => {
    const before = bundlesOf(request.project)
    const { code, stdout, stderr } = await train(request)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(message)
    expect(stderr).not.toContain('    at ')
    expect(bundlesOf(request.project)).toEqual(before)
    expect(await leftovers(home)).toEqual([])
  })

  it.each([
    ['while the log is replayed', /encoding/],
    ['while the model is fitted', /epoch 1:/],
  ])('leaves nothing when Ctrl-C comes %s', async (_name, interruptAt) => {
    const more = ['--family', 'transformer']
    const cut = await train({ project: 'shop', file: 'log.ndjson', more, interruptAt })
    expect(cut.code === 130 || cut.signal === 'SIGINT').toBe(true)
    expect(cut.stdout).toBe('')
    // It ends at once, and not once the model is fitted.
    expect(cut.stderr).not.toContain('epoch 3:')
    expect(bundlesOf('shop')).toEqual([])
    expect(await leftovers(home)).toEqual([])
  })

  it('trains on a log after it was interrupted', async () => {
    const ended = await train({ project: 'shop', file: 'log.ndjson', more: ['--json'] })
    const { id } = jsonOf(ended) as { id: string }
    expect(bundlesOf('shop')).toEqual([id])
  })

  it('learns the other tasks of a log where one never happens, and marks that one', async () => {
    const ended = await train({ project: 'shop', file: 'no-purchase.ndjson', more: ['--json'] })
    expect(ended.stderr).toMatch(
      /Task 'buysWithin7Days': 'yes' came true in 0 of \d+ training examples; at least 25 are needed: the prior answers/,
    )
    expect(jsonOf(ended)).toMatchObject({
      rehearsal: { tasks: { buysWithin7Days: { basis: 'prior' }, nextAction: { basis: 'model' } } },
      deployed: { finalFit: true },
    })
  })

  it('learns from about as many examples as it is told', async () => {
    const more = ['--examples', '300', '--family', 'prior', '--json']
    const { rehearsal, deployed } = jsonOf(await train({ project: 'shop', file: 'log.ndjson', more })) as {
      readonly rehearsal: { readonly parts: { readonly train: { readonly examples: number } } }
      readonly deployed: { readonly examples: number }
    }
    for (const count of [rehearsal.parts.train.examples, deployed.examples]) {
      expect(count).toBeGreaterThan(200)
      expect(count).toBeLessThan(400)
    }
  })
})
