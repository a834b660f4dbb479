import { env } from 'cloudflare:workers'
import { beforeEach, expect, it } from 'vitest'
import { connect } from '../../../functions/db/client.ts'
import { storeVersion, withHeldVectors } from '../../../functions/db/versions.ts'
import { createService } from '../service.ts'

beforeEach(async () => {
  await createService()
})

const made = [
  { name: 'about.vector', text: 'about', encoder: { kind: 'onnx', folder: 'encoder', dims: 3 } },
] as const

it('keeps the vector of a text that stays as it is, and of no other', async () => {
  const db = connect(env.DB)
  const version = { kind: 'user', id: 'u-1', isDated: false } as const
  const imported = { about: 'red', 'about.vector': 'int8:vector' }
  await storeVersion(db, { ...version, knownAt: 1_000, storedAt: 1_000, attributes: imported })
  const put = async (attributes: Record<string, string>) => {
    const sent = { ...version, knownAt: 2_000, storedAt: 2_000, attributes }
    return (await withHeldVectors(db, sent, made)).attributes
  }
  expect(await put({ about: 'red', plan: 'pro' })).toEqual({ ...imported, plan: 'pro' })
  expect(await put({ about: 'blue' })).toEqual({ about: 'blue' })
  expect(await put({ plan: 'pro' })).toEqual({ plan: 'pro' })
  const other = { ...version, id: 'u-2', knownAt: 2_000, storedAt: 2_000, attributes: { about: 'red' } }
  expect((await withHeldVectors(db, other, made)).attributes).toEqual({ about: 'red' })
})
