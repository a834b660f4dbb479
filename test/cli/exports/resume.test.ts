// An export that was cut short goes on, and one into a folder of before fetches what came since: against a stand-in
// that gives pages as the service does.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { Server, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { exportTo } from '../../../cli/exports/export.ts'
import type { Exported } from '../../../cli/exports/export.ts'
import { openData } from '../../../cli/storage/open-data.ts'
import { shop } from '../../../projects/shop.ts'

const PAGES = 20
const T = Date.UTC(2026, 0, 1)
const UNTIL = T + 1_000_000

interface Stored {
  readonly page: number
  readonly storedAt: number
}

let server: Server
let url: string
/** What is done in place of giving a page of events; nothing more where it says so. */
let disturb: (page: number, response: ServerResponse) => boolean
let asked: string[]
/** Events, one a page, and the moment that an export shows which begins now. */
let stored: readonly Stored[]
let until: number
let out: string

beforeAll(async () => {
  server = createServer((request, response) => {
    const path = new URL(request.url ?? '', 'http://x')
    const page = Number(path.searchParams.get('after') ?? 0)
    asked.push(`${path.pathname} ${page} ${path.searchParams.get('until')}`)
    const isEvents = path.pathname === '/v1/export/events'
    if (isEvents && disturb(page, response)) return
    const since = path.searchParams.get('since')
    const row = isEvents ? stored[page] : undefined
    const isHeld = row !== undefined && since !== null && row.storedAt <= Number(since)
    const shown = Number(path.searchParams.get('until') ?? until)
    const hasNext = isEvents && page < stored.length - 1
    path.searchParams.set('until', String(shown))
    path.searchParams.set('after', String(page + 1))
    response.writeHead(200, {
      'presage-project': 'shop',
      'presage-until': String(shown),
      ...(since !== null && { 'presage-held': isHeld ? '1' : '0' }),
      ...(hasNext && { link: `<${path.pathname}${path.search}>; rel="next"` }),
    })
    response.end(row === undefined || isHeld || row.storedAt > shown ? '' : eventLine(row))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})
beforeEach(() => {
  disturb = () => false
  asked = []
  stored = Array.from({ length: PAGES }, (_, page) => ({ page, storedAt: T }))
  until = UNTIL
  out = mkdtempSync(join(tmpdir(), 'presage-test-'))
  return () => rmSync(out, { recursive: true })
})

function eventLine({ page, storedAt }: Stored): string {
  const event = {
    id: `e-${page}`,
    type: 'search',
    userId: `u-${page % 3}`,
    itemId: null,
    value: null,
    properties: null,
  }
  return `${JSON.stringify({ ...event, occurredAt: T + page, receivedAt: T + page, place: 0, storedAt })}\n`
}

function runExport(at = url, notBeforeMs = 0): Promise<Exported> {
  const service = { url: at, key: 'psg_0' }
  return exportTo({ project: shop, service, folder: out, notBeforeMs, say: () => undefined })
}

/** Time passes, in which events are stored. */
function store(count: number): void {
  const later = Array.from({ length: count }, (_, index) => ({
    page: stored.length + index,
    storedAt: until + 1,
  }))
  // Keys do not follow the time of storing.
  stored = [...later.slice(1), ...stored, ...later.slice(0, 1)]
  until += 1_000
}

async function idsIn(folder: string): Promise<string[]> {
  const data = await openData({ project: shop, path: folder, skipBadRows: false })
  const users = await Array.fromAsync(data.users())
  data.close()
  return users.flatMap(({ events }) => events.map(({ id }) => id)).toSorted()
}

describe('an export into a folder of before', () => {
  it('fetches what was stored since alone, and holds every row once', async () => {
    expect((await runExport()).fetched).toBe(PAGES)
    for (const count of [3, 0, 2]) {
      store(count)
      expect((await runExport()).fetched).toBe(count)
    }
    expect(await idsIn(out)).toEqual(stored.map(({ page }) => `e-${page}`).toSorted())
  })

  it('goes on where it was cut short, also where files were written and nobody noted that', async () => {
    await runExport()
    store(4)
    disturb = (page, response) => page === 9 && (response.writeHead(409).end('{}'), true)
    await expect(runExport()).rejects.toThrow('409')
    disturb = () => false
    const path = join(out, 'export.json')
    const before = readFileSync(path, 'utf8')
    const lines = readFileSync(join(out, 'events.ndjson.part'), 'utf8')
    const shown = until
    await runExport()
    // As if it had died before its last word.
    writeFileSync(path, before)
    writeFileSync(join(out, 'events.ndjson.part'), lines)
    store(1)
    asked = []
    expect((await runExport()).untilMs).toBe(shown)
    expect(asked[0]).toBe(`/v1/export/events 9 ${shown}`)
    expect((await runExport()).rows['events']).toBe(PAGES + 5)
    expect(await idsIn(out)).toEqual(stored.map(({ page }) => `e-${page}`).toSorted())
  })

  it('is made anew where the service no longer has what it had', async () => {
    await runExport()
    store(2)
    stored = stored.filter(({ page }) => page !== 7)
    const { fetched, rows } = await runExport()
    expect([fetched, rows['events']]).toEqual([PAGES + 1, PAGES + 1])
    expect(await idsIn(out)).not.toContain('e-7')
  })

  it('is made anew where a file of it is gone, or it is of a time before exports could be added to', async () => {
    await runExport()
    rmSync(join(out, 'events.parquet'))
    expect((await runExport()).fetched).toBe(PAGES)
    const path = join(out, 'export.json')
    const { format, ...old } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>
    expect(format).toBe(2)
    writeFileSync(path, JSON.stringify(old))
    expect((await runExport()).fetched).toBe(PAGES)
  })
})

describe('an export that is cut short', () => {
  it('goes on at the page where it was, at the same moment, and holds every row once', async () => {
    for (const failing of [3, 11]) {
      disturb = (page, response) => {
        if (page !== failing) return false
        response.writeHead(409).end(JSON.stringify({ detail: 'for the test' }))
        return true
      }
      await expect(runExport()).rejects.toThrow('for the test')
      // A page that was half written when the process died.
      writeFileSync(join(out, 'events.ndjson.part'), '{"id":"half', { flag: 'a' })
    }
    disturb = () => false
    const before = asked.length
    expect((await runExport()).rows).toEqual({
      events: PAGES,
      users: 0,
      items: 0,
      labels: 0,
      questions: 0,
    })
    expect(asked[before]).toBe(`/v1/export/events 11 ${UNTIL}`)
    const data = await openData({ project: shop, path: out, skipBadRows: false })
    expect(data.eventCount).toBe(PAGES)
    data.close()
  })

  it('goes on in a folder where not even the first page came, and still refuses files that are not its own', async () => {
    disturb = (_page, response) => (response.writeHead(409).end('{}'), true)
    await expect(runExport()).rejects.toThrow('409')
    disturb = () => false
    expect((await runExport()).rows['events']).toBe(PAGES)
    rmSync(join(out, 'export.json'))
    await expect(runExport()).rejects.toThrow('holds files that are no export')
  })

  it('begins anew where lines that it fetched are gone', async () => {
    disturb = (page, response) => page === 4 && (response.writeHead(409).end('{}'), true)
    await expect(runExport()).rejects.toThrow('409')
    rmSync(join(out, 'events.ndjson.part'))
    disturb = () => false
    expect((await runExport()).rows['events']).toBe(PAGES)
  })

  it('begins anew where what it would show is older than what is to be learned from', async () => {
    for (const [notBeforeMs, first] of [
      [UNTIL, `/v1/export/events 4 ${UNTIL}`],
      [UNTIL + 1, '/v1/export/events 0 null'],
    ] as const) {
      disturb = (page, response) => page === 4 && (response.writeHead(409).end('{}'), true)
      await expect(runExport()).rejects.toThrow('409')
      disturb = () => false
      const before = asked.length
      expect((await runExport(url, notBeforeMs)).rows['events']).toBe(PAGES)
      expect(asked[before]).toBe(first)
    }
  })

  it('waits for a service that fails for a while', async () => {
    let failures = 2
    disturb = (page, response) => {
      if (page !== 5 || failures === 0) return false
      failures -= 1
      response.writeHead(503).end('{}')
      return true
    }
    expect((await runExport()).rows['events']).toBe(PAGES)
  })

  it('is not read as data', async () => {
    disturb = (page, response) => page === 2 && (response.writeHead(409).end('{}'), true)
    await expect(runExport()).rejects.toThrow('409')
    const opened = openData({ project: shop, path: out, skipBadRows: false })
    await expect(opened).rejects.toThrow(/unfinished: presage export shop --url .* goes on/)
  })

  it('tells in words that its state is damaged, and touches nothing', async () => {
    await runExport()
    const path = join(out, 'export.json')
    for (const text of ['', '{"project":"sh', '[]', JSON.stringify({ project: 'shop', tables: {} })]) {
      writeFileSync(path, text)
      await expect(runExport()).rejects.toThrow(/export\.json is damaged.*remove .* and export anew/)
      expect(readFileSync(path, 'utf8')).toBe(text)
    }
  })

  it('refuses a folder of other files, and one of another project', async () => {
    await runExport()
    const path = join(out, 'export.json')
    writeFileSync(path, readFileSync(path, 'utf8').replace('"shop"', '"course"'))
    await expect(runExport()).rejects.toThrow("holds an export of project 'course'")
    rmSync(path)
    await expect(runExport()).rejects.toThrow('holds files that are no export')
  })

  it('says within seconds that nobody answers', async () => {
    const startMs = performance.now()
    await expect(runExport('http://127.0.0.1:9')).rejects.toThrow('No service answers at http://127.0.0.1:9')
    expect(performance.now() - startMs).toBeLessThan(8_000)
  })
})
