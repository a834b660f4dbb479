// What a local database says where its disk is full, as a user reads it.
import { tmpdir } from 'node:os'
import { expect, it } from 'vitest'
import { withRoomIn } from '../../../cli/storage/full-disk.ts'
import { messageOf } from '../../../cli/terminal/failure.ts'

const INTERNAL = 'internal error; reference = aloovciasd1i0dumuq785vk5'

async function toldOf(message: string, freeBytes: number): Promise<string> {
  const fail = (): Promise<never> => Promise.reject(new Error(message))
  return withRoomIn(tmpdir(), fail, () => freeBytes).catch(messageOf)
}

it('tells a full disk and what to do where the database gives no cause', async () => {
  expect(await toldOf(INTERNAL, 100_000)).toMatch(/^The disk is full; make room .* run it again/)
})

it('takes nothing else for a full disk', async () => {
  expect(await toldOf(INTERNAL, 1e12)).toBe(INTERNAL)
  expect(await toldOf('no such table: events', 0)).toBe('no such table: events')
})
