import { DatabaseSync } from 'node:sqlite'
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it, onTestFinished } from 'vitest'
import { whenFree } from '../../../cli/storage/busy.ts'
import { openStorage } from '../../../cli/storage/open-storage.ts'

const BUSY = new Error('D1_ERROR: database is locked: SQLITE_BUSY')

describe('whenFree', () => {
  it('does the work again until the database is free, and says once that it waits', async () => {
    const said: string[] = []
    let tries = 0
    const work = async (): Promise<number> => {
      tries += 1
      if (tries < 4) throw BUSY
      return tries
    }
    expect(await whenFree(work, { say: (line) => said.push(line) })).toBe(4)
    expect(said).toEqual(['the local database is busy: waiting up to 30 s'])
  })

  it('gives up in words where it stays busy', async () => {
    const work = (): Promise<never> => Promise.reject(BUSY)
    await expect(whenFree(work, { waitMsMax: 150, say: () => {} })).rejects.toThrow(
      /^The local database was busy for 0 s: what else writes to it\?/,
    )
  })

  it('passes on what is no such fault, at once', async () => {
    const work = (): Promise<never> => Promise.reject(new Error('no such table'))
    await expect(whenFree(work, { say: () => expect.unreachable() })).rejects.toThrow('no such table')
  })

  it('waits for another process that holds the lock of the real local database', async () => {
    const state = mkdtempSync(join(tmpdir(), 'presage-test-'))
    onTestFinished(() => rmSync(state, { recursive: true }))
    const storage = await openStorage({ kind: 'local', state })
    onTestFinished(() => storage.close())
    const [path = ''] = globSync(join(state, 'v3/d1/*/*.sqlite')).filter((file) => !file.includes('metadata'))
    const other = new DatabaseSync(path)
    other.exec('begin immediate')
    const insert = storage.execute([`insert into items values ('i', 0, '{}', 0)`])
    await sleep(6_000)
    other.exec('commit')
    other.close()
    expect(await insert).toBe(1)
  })
})

describe('a new database', () => {
  it('is opened by several commands at once', async () => {
    const state = mkdtempSync(join(tmpdir(), 'presage-test-'))
    onTestFinished(() => rmSync(state, { recursive: true }))
    const opened = await Promise.all([1, 2, 3].map(() => openStorage({ kind: 'local', state })))
    for (const storage of opened) {
      expect(await storage.select('select count(*) as events from events')).toEqual([{ events: 0 }])
      await storage.close()
    }
  })
})
