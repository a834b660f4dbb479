import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { writeSimulation } from '../../../cli/storage/simulate-data.ts'
import { compareText } from '../../../features/event.ts'
import { shop } from '../../../projects/shop.ts'
import { shopSimulator } from '../../../simulation/shop.ts'
import { simulate } from '../../../simulation/simulate.ts'
import { openDataSet } from '../../../training/data/open-data-set.ts'
import type { UserRecord } from '../../../training/data/data-set.ts'

const END_MS = Date.UTC(2026, 0, 1)
const sizes = { seed: 3, userCount: 40, days: 60, nowMs: END_MS + 1_234 }
let folder = ''

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'presage-simulate-data-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

describe('writeSimulation', () => {
  it('writes what is read back as it was simulated, versions and all', async () => {
    const path = join(folder, 'data')
    const counts = await writeSimulation({ project: 'shop', folder: path, ...sizes })
    const { users, items, events } = simulate({ simulator: shopSimulator, ...sizes, endMs: END_MS })
    expect(counts).toEqual({ events: events.length, users: 40, items: items.length })
    expect(users.some(({ versions }) => versions.length > 1)).toBe(true)

    const data = await openDataSet({ project: shop, path, skipBadRows: false, nowMs: END_MS })
    if (!data.ok) throw new Error(`Expected readable files, got ${JSON.stringify(data.reason)}`)
    const read: UserRecord[] = []
    for await (const user of data.value.users()) read.push(user)
    expect(data.value.undated).toEqual([])
    expect([...data.value.items]).toEqual(items.map(({ id, versions }) => [id, versions]))
    const written = read.map(({ userId, versions }) => ({ id: userId, versions }))
    expect(written.toSorted((a, b) => compareText(a.id, b.id))).toEqual(users)
    const idsOf = (all: readonly { readonly id: string }[]): string[] => all.map(({ id }) => id).toSorted()
    expect(idsOf(read.flatMap((user) => user.events))).toEqual(idsOf(events))
    data.value.close()
  })

  it('gives somebody who never changes one line, known since their first event', async () => {
    const path = join(folder, 'data')
    await writeSimulation({ project: 'course', folder: path, ...sizes })
    const lines = (name: string): Record<string, unknown>[] =>
      readFileSync(join(path, name), 'utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line))
    const [users, events] = [lines('users.ndjson'), lines('events.ndjson')]
    expect(users).toHaveLength(40)
    for (const { id, knownAt } of users) {
      expect(knownAt).toBe(events.find((event) => event['userId'] === id)?.['occurredAt'])
    }
  })

  it('writes the world that is asked for', async () => {
    const path = join(folder, 'data')
    const own = await writeSimulation({ project: 'shop', folder: path, ...sizes })
    const withBot = await writeSimulation({ project: 'shop', folder: path, ...sizes, world: { bot: true } })
    expect(withBot.users).toBe(own.users + 1)
  })

  it('replaces what was there, and leaves nothing half-done beside it', async () => {
    const path = join(folder, 'data')
    await writeSimulation({ project: 'shop', folder: path, ...sizes })
    const { events } = await writeSimulation({ project: 'shop', folder: path, ...sizes, userCount: 5 })
    expect(readFileSync(join(path, 'events.ndjson'), 'utf8').trimEnd().split('\n')).toHaveLength(events)
    expect(readdirSync(folder)).toEqual(['data'])
  })

  it('refuses a project without a simulator by name', async () => {
    const writing = writeSimulation({ project: 'visits', folder: join(folder, 'data'), ...sizes })
    await expect(writing).rejects.toThrow("Project 'visits' has no simulator")
    expect(readdirSync(folder)).toEqual([])
  })
})
