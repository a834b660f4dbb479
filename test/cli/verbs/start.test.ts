// npm start as a user runs it, on small files.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { copyCheckout } from '../checkout.ts'
import { freePort } from '../free-port.ts'
import { leftovers, runPresage } from '../run-presage.ts'
import type { Ended } from '../run-presage.ts'
import { visitsTable } from '../small-files.ts'

let home: string
beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'presage-test-'))
  writeFileSync(join(home, 'table.csv'), visitsTable())
  writeFileSync(join(home, 'no-sale.csv'), visitsTable({ revenue: 'FALSE' }))
})
afterAll(() => rmSync(home, { recursive: true }))

interface StartOptions {
  readonly file?: string
  readonly port?: number
  readonly more?: readonly string[]
  readonly interruptAt?: RegExp
}

async function start({ file = 'table.csv', port, more = [], interruptAt }: StartOptions): Promise<Ended> {
  const at = ['--port', String(port ?? (await freePort()))]
  const args = ['start', '--project', 'online-shoppers', '--data', join(home, file), ...at]
  return runPresage([...args, '--family', 'softmax', ...more], {
    home,
    ...(interruptAt !== undefined && { interruptAt }),
  })
}

/** Listens until the test is over. */
async function takePort(): Promise<number> {
  const server = createServer((_, response) => response.end('somebody else'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

describe('npm start', () => {
  it.each<[string, () => Promise<StartOptions>, RegExp]>([
    [
      'a port that is taken',
      async () => ({ port: await takePort() }),
      /^presage: Port \d+ is taken or not allowed: give another with --port\n$/,
    ],
    [
      'data that is not there',
      async () => ({ file: 'nowhere.csv' }),
      /^presage: .*nowhere\.csv: no such file.*\n$/,
    ],
    [
      'a family that is not there',
      async () => ({ more: ['--family', 'forest'] }),
      /^presage: There is no family 'forest'; there are prior, .*\n$/,
    ],
  ])('refuses %s before it does anything', async (_name, options, message) => {
    const { code, stdout, stderr } = await start(await options())
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(message)
    expect(existsSync(join(home, 'online-shoppers'))).toBe(false)
  })

  it('ends when training is refused, and serves nothing', async () => {
    const { code, stdout, stderr } = await start({ file: 'no-sale.csv' })
    expect(code).toBe(1)
    expect(stdout).toBe('')
    expect(stderr).toMatch(
      /^presage: No task can be learned. Task 'buys': 'TRUE' came true in 0 of \d+ training examples; at least 25 are needed$/m,
    )
    expect(stderr).not.toContain('starting the service')
    expect(stderr).not.toContain('    at ')
    expect(await leftovers(home)).toEqual([])
  })

  it('ends its training with Ctrl-C, and leaves nothing half written', async () => {
    const cut = await start({ more: ['--family', 'transformer'], interruptAt: /epoch 1:/ })
    expect(cut.code).toBe(130)
    // What is left of stderr closes with the last process that writes to it.
    expect(cut.stderr).not.toContain('bundle ')
    expect(existsSync(join(home, 'online-shoppers/bundles'))).toBe(false)
    expect(await leftovers(home)).toEqual([])
  })

  it('serves what it trained until Ctrl-C, and starts again without training', async () => {
    const first = await start({ interruptAt: /^curl/m })
    expect(first.stderr).toContain('published bundle')
    expect(first.stdout).toMatch(
      /^\w+ from .* for one like 1: buys was .*TRUE 0\.\d+.*, is .*TRUE 0\.\d+.*$/m,
    )
    expect(first.code).toBe(130)
    expect(await leftovers(home)).toEqual([])

    const second = await start({ interruptAt: /^curl/m })
    expect(second.stderr).toContain('nothing changed since the last start')
    expect(second.stderr).not.toContain('training softmax')
    expect(second.code).toBe(130)
  })
})

describe('npm start on data of which no project is named', () => {
  it('writes a project for them, and finds it again', async () => {
    const root = copyCheckout(join(home, 'checkout'))
    const path = join(home, 'My Visits.csv')
    writeFileSync(path, visitsTable())
    const args = ['start', '--data', path, '--port', String(await freePort())]
    const first = await runPresage(args, { home, root, interruptAt: /400 labelled rows/ })
    expect(first.stdout).toMatch(/^wrote .*projects\/my-visits\.ts; it is yours to edit$/m)
    expect(first.code).toBe(130)
    const second = await runPresage(args, { home, root, interruptAt: /400 labelled rows/ })
    expect(second.stdout).toBe('')
    expect(second.stderr).toContain('400 labelled rows')
    // Where it is known no more what it was written for, nothing is replaced.
    rmSync(join(home, 'my-visits'), { recursive: true })
    const third = await runPresage(args, { home, root })
    expect(third.stderr).toMatch(/my-visits\.ts is there already: --project my-visits uses it/)
  })
})
