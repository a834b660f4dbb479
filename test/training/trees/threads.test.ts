import { describe, expect, it } from 'vitest'
import { createRandom } from '../../../features/random.ts'
import { createThreads } from '../../../training/trees/threads.ts'
import { boostWorld, drawTargets, numbers } from './build-tree-world.ts'

describe('threads that grow trees', () => {
  it('give the same trees however many they are', async () => {
    const random = createRandom(1)
    const rows = Array.from({ length: 8 }, () => Array.from({ length: 6000 }, () => random.normal()))
    const targets = drawTargets(
      (rows[0] ?? []).map((value, row) => value * (rows[1]?.[row] ?? 0)),
      random,
    )
    const world = { columns: rows.map(numbers), targets }
    const [one, three] = [
      await boostWorld(world, { rounds: 10, threadCount: 1 }),
      await boostWorld(world, { rounds: 10, threadCount: 3 }),
    ]
    expect(three.rounds).toEqual(one.rounds)
  })

  it('end in an error, and never in waiting, where one of them dies', async () => {
    const [count, columns] = [20_000, 2]
    const threads = createThreads({
      memory: {
        cells: new Uint8Array(new SharedArrayBuffer(count * columns)),
        count,
        rows: new Int32Array(new SharedArrayBuffer(4 * count)),
        derivatives: new Float32Array(new SharedArrayBuffer(8 * count)),
        histograms: new Float64Array(new SharedArrayBuffer(8 * 4 * columns)),
        offsets: Int32Array.from([0, 4]),
        length: 8,
      },
      bins: [2, 2],
      threadCount: 2,
      program: new URL('dying-thread.ts', import.meta.url),
    })
    const asked = threads.sum({ from: 0, to: count, slot: 0 }, Int32Array.from([0, 1]))
    await expect(asked).rejects.toThrow('A thread that grows trees ended with code 3')
    await threads.close()
  })
})
