import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { holdFolder } from '../../../cli/tuning/hold.ts'
import { openJournal } from '../../../cli/tuning/journal.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const line = { trial: 0, share: 1, settings: { rate: 1 }, loss: 0.5, searchedSeconds: 2 }

function open(origin: Record<string, string>) {
  return openJournal(folder, { name: 'trees-1', origin })
}

describe('openJournal', () => {
  it('gives what was kept, but for a line that was cut short', () => {
    const journal = open({ data: 'a', code: 'b' })
    journal.append(line)
    journal.append({ ...line, trial: 1 })
    journal.close()
    appendFileSync(join(folder, 'trees-1.ndjson'), '{"trial":2,"sha')
    const again = open({ data: 'a', code: 'b' })
    expect(again.known).toEqual([line, { ...line, trial: 1 }])
    again.append({ ...line, trial: 2 })
    again.close()
    expect(open({ data: 'a', code: 'b' }).known.map(({ trial }) => trial)).toEqual([0, 1, 2])
  })

  it('begins anew where a search was of something else, and says of what', () => {
    const journal = open({ data: 'a', code: 'b' })
    journal.append(line)
    journal.close()
    expect(open({ data: 'c', code: 'b' })).toMatchObject({ known: [], differing: ['data'] })
    expect(open({ data: 'c', code: 'b' })).toMatchObject({ known: [], differing: [] })
  })
})

describe('holdFolder', () => {
  it('lets one process in at a time, and takes over from one that is gone', () => {
    const path = join(folder, 'running')
    writeFileSync(path, `${process.ppid}\n`)
    expect(() => holdFolder(folder, 'gym')).toThrow(/'gym' is being tuned by process \d+/)
    for (const gone of ['999999999\n', '']) {
      writeFileSync(path, gone)
      const release = holdFolder(folder, 'gym')
      expect(readFileSync(path, 'utf8')).toBe(`${process.pid}\n`)
      release()
    }
  })
})
