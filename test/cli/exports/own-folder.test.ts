import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { ownFolder } from '../../../cli/exports/own-folder.ts'

let parent: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'presage-test-'))
  return () => rmSync(parent, { recursive: true })
})

function folderOf(pid: number): string {
  const path = join(parent, `trainer-${pid}`)
  mkdirSync(path)
  writeFileSync(join(path, 'export.json'), String(pid))
  return path
}

describe('ownFolder', () => {
  it('is of this process, and the same again', () => {
    const own = ownFolder(parent, 'trainer')
    expect(basename(own)).toBe(`trainer-${process.pid}`)
    expect(ownFolder(parent, 'trainer')).toBe(own)
  })

  it('takes over what a process left that is gone, and nothing of one that runs', () => {
    const running = folderOf(process.ppid)
    const gone = spawnSync('true').pid
    folderOf(gone)
    const own = ownFolder(parent, 'trainer')
    expect(readFileSync(join(own, 'export.json'), 'utf8')).toBe(String(gone))
    expect(existsSync(join(running, 'export.json'))).toBe(true)
    expect(readdirSync(parent)).toHaveLength(2)
  })
})
