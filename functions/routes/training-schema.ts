// A training as the service tells of it.
import { z } from '@hono/zod-openapi'
import { TRAINING_STATES } from '../db/schema.ts'
import type { Training } from '../db/trainings.ts'

const time = z.string().nullable()

export const trainingSchema = z
  .object({
    id: z.number().int(),
    state: z.enum(TRAINING_STATES),
    why: z.string().openapi({ description: 'Why it was queued' }),
    queuedAt: z.string(),
    claimedAt: time,
    claimedBy: z.string().nullable(),
    claims: z.number().int().openapi({ description: 'How often it was taken up' }),
    leaseUntil: time.openapi({ description: 'From then on another trainer may take it up' }),
    step: z.string().nullable().openapi({ description: 'What its trainer does' }),
    rows: z.number().int().nullable().openapi({ description: 'How many rows it learned from' }),
    bundleId: z.string().nullable(),
    endedAt: time,
    verdict: z.string().nullable().openapi({ description: 'What came of it' }),
  })
  .openapi('Training')

/** The lease itself is told to nobody but who claimed it. */
export function toSentTraining(training: Training): z.output<typeof trainingSchema> {
  const { id, state, why, queuedAt, claimedAt, claimedBy, claims, leaseUntil } = training
  const { step, rows, bundleId, endedAt, verdict } = training
  return {
    id,
    state,
    why,
    queuedAt: new Date(queuedAt).toISOString(),
    claimedAt: timeOf(claimedAt),
    claimedBy,
    claims,
    leaseUntil: timeOf(leaseUntil),
    step,
    rows,
    bundleId,
    endedAt: timeOf(endedAt),
    verdict,
  }
}

function timeOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString()
}
