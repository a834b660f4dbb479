// Trainings by the real command against the real Worker: bench/trainer.ts does sixty.
import { describe, expect, it } from 'vitest'
import { killTrainers } from '../../../bench/killed-trainers.ts'

describe('presage trainer', () => {
  it('ends a training once, though it is killed at random steps, and a champion answers all along', async () => {
    const killed = await killTrainers({ trainings: 1, seed: 3, killsMax: 2, families: ['prior'] })
    const { states, promotions, ...counts } = killed
    expect(counts).toMatchObject({ trainings: 1, rows: 1, ended: 1, unanswered: 0 })
    // Nobody answered before, so the first is published, once.
    expect(states).toEqual({ published: 1 })
    expect(promotions).toBe(1)
  }, 300_000)
})
