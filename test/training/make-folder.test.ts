import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { makeFolder } from '../../training/make-folder.ts'

const folder = mkdtempSync(join(tmpdir(), 'presage-test-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe('makeFolder', () => {
  it('makes the folders that it lies in too, and does nothing where it is there', () => {
    const path = join(folder, 'a/b/c')
    makeFolder(path, 0o700)
    makeFolder(path)
    expect(statSync(join(folder, 'a')).mode & 0o777).toBe(0o700)
    expect(statSync(path).isDirectory()).toBe(true)
  })

  it('throws where a file is in its way', () => {
    writeFileSync(join(folder, 'file'), '')
    expect(() => makeFolder(join(folder, 'file/within'))).toThrow(/EEXIST|ENOTDIR/)
    expect(() => makeFolder(join(folder, 'file'))).toThrow('EEXIST')
  })

  it.skipIf(!existsSync('/proc/self'))('throws where a file system takes no folders', () => {
    expect(() => makeFolder('/proc/presage/export')).toThrow('ENOENT')
  })
})
