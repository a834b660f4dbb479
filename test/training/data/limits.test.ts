import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { createDataFolder } from './data-folder.ts'

const folder = createDataFolder()
afterAll(() => folder.remove())

const EVENT = { id: 'e', type: 'view', userId: 'u', itemId: 'i', occurredAt: 1700000001000 }
let count = 0

/** The fault of a log with a good event before one with these overrides. */
function faultOf(overrides: object): Promise<string> {
  const lines = [EVENT, { ...EVENT, id: 'e-2', ...overrides }].map((event) => JSON.stringify(event))
  return folder.faultOf(folder.write(`limits-${(count += 1)}.ndjson`, lines.join('\n')))
}

describe('a file', () => {
  it.each([
    ['id', { id: 'x'.repeat(129) }],
    ['userId', { userId: 'x'.repeat(129) }],
    ['itemId', { itemId: '\u{1f600}'.repeat(129) }],
  ])('with an %s that is too long is refused by its line', async (field, overrides) => {
    expect(await faultOf(overrides)).toContain(`line 2: ${field}: expected an id of at most 128 characters`)
  })

  it.each([
    ['id', { id: 'a\0b' }],
    ['userId', { userId: 'a\0b' }],
    ['itemId', { itemId: 'a\0b' }],
    ['device', { properties: { device: 'a\0b' } }],
  ])('with NUL in %s is refused by its line, which prints', async (field, overrides) => {
    const message = await faultOf(overrides)
    expect(message).toMatch(
      new RegExp(`line 2: ${field}: expected .* without a NUL character, found 'a\u2400b'`),
    )
  })

  it('with a lone surrogate is refused by its line', async () => {
    expect(await faultOf({ userId: '\ud800' })).toContain('line 2: line: expected a JSON object')
  })

  it('takes a property as long as the service does', async () => {
    const device = '\u{1f600}'.repeat(1000)
    expect(await faultOf({ properties: { device } })).toBe('no fault')
    expect(await faultOf({ properties: { device: `${device}x` } })).toContain(
      'line 2: device: expected a text of at most 1000 characters',
    )
  })

  it('of users or items takes what goes into the database, and no more', async () => {
    const items = (size: number) => `id,price,title\ni,5,"${"'".repeat(size)}"`
    const log = { 'events.ndjson': JSON.stringify(EVENT) }
    const whole = folder.writeAll('whole', { ...log, 'items.csv': items(10_000) })
    expect(await folder.faultOf(whole)).toBe('no fault')
    const long = folder.writeAll('long', { ...log, 'items.csv': items(10_001) })
    expect(await folder.faultOf(long)).toContain('line 2: title: expected a text of at most 10000 characters')
  })

  it.each(['undefined', 'NULL', 'NaN', '[object Object]', '  ', 'None'])(
    'that names the user %j, who is nobody, is refused, and read without those rows where asked',
    async (userId) => {
      const rows = [
        'id,type,userId,occurredAt',
        'a,search,u,1700000000001',
        `b,search,${userId},1700000000002`,
        'c,search,v,1700000000003',
      ]
      const path = folder.write('nobody.csv.gz', gzipSync(rows.join('\n')))
      expect(await folder.faultOf(path)).toContain(`line 3: userId: expected`)
      const { users, skippedCount } = await folder.read(path, { skipBadRows: true })
      expect(users.map((user) => user.userId)).toEqual(['u', 'v'])
      expect(skippedCount).toBe(1)
    },
  )

  it.each(['undefined', 'NULL', '-', '?', '\\N'])(
    'that names the item %j, which is none, is refused, and read without those rows where asked',
    async (itemId) => {
      const rows = [
        'id,type,userId,itemId,occurredAt',
        'a,view,u,i,1700000000001',
        `b,view,u,${itemId},1700000000002`,
      ]
      const path = folder.write('no-item.csv.gz', gzipSync(rows.join('\n')))
      expect(await folder.faultOf(path)).toContain('line 3: itemId: expected the id of an item')
      const { users } = await folder.read(path, { skipBadRows: true })
      expect(users[0]?.events.map((event) => event.itemId)).toEqual(['i'])
    },
  )
})
