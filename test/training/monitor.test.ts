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
  it('of every user of a log in each pass, of every example of the test, and of each epoch what came of it', async () => {
    const { monitor, works } = record()
    const trained = await trainSmall({ family: 'softmax', settings: { stepsMax: 60 }, monitor })
    if (!trained.ok) throw new Error(`Training failed: ${trained.reason.code}`)
    const { data, rehearsal } = trained.value.card
    const epochs = works.filter(({ label }) => label.startsWith('epoch'))
    expect(epochs.length).toBeGreaterThan(1)
    for (const { done, ended, unit, outcome } of epochs) {
      expect({ unit, ended }).toEqual({ unit: 'examples', ended: true })
      expect(done).toBeGreaterThan(0)
      expect(outcome).toMatch(/^loss \d+\.\d{4} of the prior's, (on validation \d+\.\d{4}|final)$/)
    }
    const passes = ['choosing moments', 'learning features', 'encoding'].map((label) => {
      return { label, total: data.users, unit: 'users' }
    })
    const test = { label: 'testing', total: rehearsal.parts.test.examples, unit: 'examples' }
    // Once for the rehearsal, once for the final fit.
    const expected = [...passes, test, ...passes].map((work) => ({ ...work, done: work.total, ended: true }))
    expect(works.filter((work) => !epochs.includes(work))).toEqual(expected)
  })

  it('which bundle was written, last', async () => {
    const { monitor, lines } = record()
    const data = buildTable(buildRows(kindsOf({ a: 60, b: 60, c: 60 })))
    const trained = await trainSmall({ project: smallTable, data, family: 'prior', monitor })
    if (!trained.ok) throw new Error(`Training failed: ${trained.reason.code}`)
    expect(lines.at(-1)).toContain(trained.value.id)
  })
})
