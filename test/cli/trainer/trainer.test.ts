// Trainings by the real command against the real Worker: bench/trainer.ts does sixty.
import { describe, expect, it } from 'vitest'
import { killTrainers } from '../../../bench/killed-trainers.ts'

describe('presage trainer', () => {
  it('ends every training once, though it is killed at random steps, and a champion answers all along', async () => {
    const killed = await killTrainers({ trainings: 2, seed: 3, killsMax: 1 })
    const { states, promotions, ...counts } = killed
    expect(counts).toMatchObject({ trainings: 2, rows: 2, ended: 2, unanswered: 0 })
    expect(states['failed']).toBeUndefined()
    expect(promotions).toBe(states['published'] ?? 0)
  }, 300_000)
})
