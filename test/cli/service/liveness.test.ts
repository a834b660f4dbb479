import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { untilGone } from '../../../cli/service/liveness.ts'

afterEach(() => {
  vi.useRealTimers()
})

it.each([
  ['is deleted', false],
  ['is deleted and made anew', true],
])('tells that the folder of a service %s, and not before', async (_, isMadeAnew) => {
  vi.useFakeTimers()
  const parent = mkdtempSync(join(tmpdir(), 'presage-test-'))
  const folder = join(parent, 'state')
  mkdirSync(folder)
  let isGone = false
  const gone = untilGone(folder, new AbortController().signal).then(() => {
    isGone = true
  })
  await vi.advanceTimersByTimeAsync(10_000)
  expect(isGone).toBe(false)
  rmSync(folder, { recursive: true })
  if (isMadeAnew) mkdirSync(folder)
  await vi.advanceTimersByTimeAsync(10_000)
  await gone
  expect(isGone).toBe(true)
  rmSync(parent, { recursive: true })
})
