// The command as a user runs it: a process with an exit code.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runWrangler } from '../../cli/processes/wrangler.ts'
import { families } from '../../training/models/families.ts'
import { jsonOf, leftovers, runPresage } from './run-presage.ts'
import type { Ended } from './run-presage.ts'

let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'presage-test-'))
})
afterAll(() => rmSync(home, { recursive: true }))

function presage(args: readonly string[], interruptAt?: RegExp): Promise<Ended> {
  return runPresage(args, { home, ...(interruptAt !== undefined && { interruptAt }) })
}

describe('presage', () => {
  it.each([
    'start',
    'simulate',
    'train',
    'evaluate',
    'import',
    'publish',
    'promote',
    'canary',
    'shadow',
    'rollback',
    'experiment',
    'check-bundle',
    'key create',
    'predict',
    'dev',
  ])('helps with %s', async (verb) => {
    const { code, stdout } = await presage([...verb.split(' '), '--help'])
    expect(code).toBe(0)
    expect(stdout).toContain(`presage ${verb}`)
    expect(stdout).toContain('Options:')
    if (!['start', 'dev'].includes(verb)) expect(stdout).toMatch(/--json .*one line of JSON/)
    for (const { name } of ['start', 'train', 'evaluate'].includes(verb) ? families : []) {
      expect(stdout).toMatch(new RegExp(String.raw`kind of model:.*\b${name}\b`, 's'))
    }
  })

  const failures: [string, string[], string][] = [
    [
      'an unknown project, and lists those there are',
      ['start', '--project', 'nope'],
      'there are course, finance',
    ],
    ['a missing file', ['import', 'shop', '--data', 'nowhere.csv'], 'nowhere.csv: no such file'],
    [
      'a project without data or simulator',
      ['start', '--project', 'trivago'],
      'has no simulator: give --data',
    ],
    ['a port that is none', ['dev', 'shop', '--port', 'x'], 'Expected a whole number above 0'],
    ['a project without a bundle', ['publish', 'shop'], 'presage train shop makes one'],
    ['no key', ['predict', '--user', 'u'], 'No key'],
  ]
  it.each(failures)('fails on %s', async (_name, args, message) => {
    const { code, stdout, stderr } = await presage(args)
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toContain(message)
    expect(stderr).not.toContain('    at ')
  })

  it('says at once that its folder cannot be written, and which may be named instead', async () => {
    const taken = join(home, 'taken')
    mkdirSync(taken)
    writeFileSync(join(taken, '.tmp'), 'no folder')
    const { code, stdout, stderr } = await runPresage(['simulate', 'shop'], { home: taken })
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^presage: .*taken cannot be written \(E[A-Z]+\): set PRESAGE_HOME .*\n$/)
  })

  it.each([
    ['nosuch', '', /unknown command 'nosuch'/],
    ['trian', '', /unknown command 'trian' \(Did you mean train\?\)/],
    ['train shop', 'train', /'--data <path>' not specified/],
    ['train shop --data x --examples 0', 'train', /Expected a whole number above 0/],
    ['key create', 'key create', /'--scopes <list>' not specified/],
    ['rollback', 'rollback', /missing required argument 'project'/],
  ])('answers %j in one line that names the page that helps', async (args, verb, message) => {
    const { code, stdout, stderr } = await presage(args.split(' '))
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(message)
    expect(stderr.replace(' --help', '')).toMatch(/^presage: .*\(presage.*\)\n$/)
    expect(stderr).toContain(`(${['presage', verb].join(' ').trim()} --help)`)
  })
})

describe('presage simulate', () => {
  it('writes the same data for the same seed, whole', async () => {
    const folder = join(home, 'simulated')
    const args = ['simulate', 'shop', '--users', '20', '--days', '20', '--out', folder, '--json']
    const ended = await presage(args)
    const counts = jsonOf(ended) as { events: number; users: number }
    expect(counts).toMatchObject({ folder, users: 20 })
    expect(counts.events).toBeGreaterThan(20)
    expect(['events', 'users', 'items'].map((name) => existsSync(join(folder, `${name}.ndjson`)))).toEqual([
      true,
      true,
      true,
    ])
    expect((await presage(args)).stdout).toBe(ended.stdout)
  })
})

describe('presage import', () => {
  it('is finished by the next run when Ctrl-C cut it short', async () => {
    const path = join(home, 'log.ndjson')
    // So many that the first line about progress, after a second, comes long before the end.
    const count = 250_000
    const lines = Array.from(
      { length: count },
      (_, index) =>
        `{"id":"e${index}","type":"search","userId":"u${index % 997}","occurredAt":${1_700_000_000_000 + index}}`,
    )
    writeFileSync(path, lines.join('\n'))
    const args = ['import', 'shop', '--data', path, '--json']
    const cut = await presage(args, /import: [\d,]+ of/)
    expect(cut.code).toBe(130)
    expect(cut.stdout).toBe('')
    expect(await leftovers(home)).toEqual([])
    expect(jsonOf(await presage(args))).toMatchObject({ events: count, skipped: 0 })
    const select = ['--json', '--command', 'select count(*) as stored from events']
    const state = join(home, 'shop/sets/default/state')
    const output = await runWrangler(['d1', 'execute', 'DB', '--local', '--persist-to', state, ...select])
    expect(output).toContain(`"stored": ${count}`)
  })
})
