import { describe, expect, it } from 'vitest'
import type { Monitor, Work } from '../../training/monitor.ts'
import { buildRows, buildTable, kindsOf, smallTable } from './build-table.ts'
import { trainSmall } from './train-small.ts'

interface Told extends Work {
  done: number
  ended: boolean
  outcome?: string
}

/** Keeps what training tells, and holds it to one piece of work at a time. */
function record() {
  const works: Told[] = []
  const lines: string[] = []
  const monitor: Monitor = {
    say: (line) => void lines.push(line),
    track: (work) => {
      expect(works.every(({ ended }) => ended)).toBe(true)
      const told: Told = { ...work, done: 0, ended: false }
      works.push(told)
      return {
        advance: (count) => void (told.done += count),
        done: (outcome) =>
          void Object.assign(told, { ended: true, ...(outcome !== undefined && { outcome }) }),
      }
    },
  }
  return { monitor, works, lines }
}

describe('train tells its monitor', () => {
  it('of every user of a log in each pass, and of every example in each epoch and in the test', async () => {
    const { monitor, works } = record()
    const trained = await trainSmall({ family: 'softmax', monitor })
    if (!trained.ok) throw new Error(`Training failed: ${trained.reason.kind}`)
    const { epochs, examples, data } = trained.value.card
    const passes = ['counting', 'learning features', 'encoding']
    const expected = [
      ...passes.map((label) => ({ label, total: data.users, unit: 'users' })),
      ...Array.from({ length: epochs }, (_, index) => ({
        label: `epoch ${index + 1}`,
        total: examples.train,
        unit: 'examples',
        outcome: expect.stringMatching(/^loss \d+\.\d{4}, on validation \d+\.\d{4}$/),
      })),
      { label: 'testing', total: examples.test, unit: 'examples' },
    ]
    expect(epochs).toBeGreaterThan(1)
    expect(works).toEqual(expected.map((work) => ({ ...work, done: work.total, ended: true })))
  })

  it('which bundle was written, last', async () => {
    const { monitor, lines } = record()
    const data = buildTable(buildRows(kindsOf({ a: 60, b: 60, c: 60 })))
    const trained = await trainSmall({ project: smallTable, data, family: 'prior', monitor })
    if (!trained.ok) throw new Error(`Training failed: ${trained.reason.kind}`)
    expect(lines.at(-1)).toContain(trained.value.id)
  })
})
