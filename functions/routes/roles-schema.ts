// Who plays the roles, as several answers tell it.
import { z } from '@hono/zod-openapi'
import type { Deployment, Roles } from '../db/deployments.ts'

const held = z.object({ id: z.string(), deployedAt: z.string() })
const shared = held.extend({
  percent: z.number().openapi({ description: 'Of the users whom it answers' }),
  stepHours: z
    .number()
    .nullable()
    .openapi({ description: 'How long a step lasts where the share grows by itself; else null' }),
})

/** The roles as fields of an answer; null where nobody plays one. */
export const rolesShape = {
  champion: held.nullable(),
  challenger: shared.nullable(),
  shadow: held.nullable(),
}

const HOUR_MS = 3_600_000

export function toSentRoles({ champion, challenger, shadow }: Roles) {
  return {
    champion: toHeld(champion),
    challenger:
      challenger === undefined
        ? null
        : {
            ...toSent(challenger),
            percent: challenger.share * 100,
            stepHours: challenger.stepMs === null ? null : challenger.stepMs / HOUR_MS,
          },
    shadow: toHeld(shadow),
  }
}

function toHeld(deployment: Deployment | undefined): z.output<typeof held> | null {
  return deployment === undefined ? null : toSent(deployment)
}

function toSent({ bundleId, fromAt }: Deployment): z.output<typeof held> {
  return { id: bundleId, deployedAt: new Date(fromAt).toISOString() }
}
