// No skew between training and serving, from the files to the inputs of the model: the log that training
// replays is imported into D1, and the service asked at the same past moments makes the same inputs.
import { env } from 'cloudflare:workers'
import { describe, expect, inject, it } from 'vitest'
import { createEncoder } from '../../features/encode.ts'
import { readKnown } from '../../functions/questions/known.ts'
import { resetDatabase } from '../functions/service.ts'
import { shop } from '../functions/shop.ts'
import type { ReplayWorld } from './replay-world.ts'

describe.each([1, 2, 3])('a log with late, undated and simultaneous facts, seed %d', (seed) => {
  it('gives the service the inputs that it gave training, at every moment asked', async () => {
    const response = await fetch(`${inject('goldenBundlesUrl')}/replay/${seed}`)
    if (!response.ok) throw new Error(await response.text())
    const { statements, features, rows }: ReplayWorld = await response.json()
    await resetDatabase()
    await env.DB.batch(statements.map((statement) => env.DB.prepare(statement)))
    const encode = createEncoder(features)
    expect(rows.length).toBeGreaterThan(200)
    for (const { userId, atMs, inputs } of rows) {
      const known = await readKnown(shop, { binding: env.DB, userId, atMs })
      if (known === undefined) throw new Error(`Nothing is known of '${userId}' at ${atMs}`)
      const served = Object.entries(encode(known)).map(([name, values]) => [name, Array.from(values)])
      expect({ userId, atMs, inputs: Object.fromEntries(served) }).toEqual({ userId, atMs, inputs })
    }
  })
})
