// How problems look in the OpenAPI document.
import { z } from '@hono/zod-openapi'
import { PROBLEMS } from '../middleware/problem.ts'

/** One thing wrong with a request. */
export const reasonSchema = z
  .object({
    code: z.string(),
    path: z.array(z.union([z.string(), z.number()])).readonly(),
    message: z.string(),
  })
  .openapi('Reason')

const problemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number().int(),
    code: z
      .string()
      .openapi({ description: 'Stable: of the problem, or of the reasons where they share one' }),
    detail: z.string(),
    requestId: z.string(),
    reasons: z.array(reasonSchema).optional(),
  })
  .openapi('Problem')

/** The problems that any route with a key may end with. */
export const KEY_STATUSES = [401, 403, 503] as const
/** The problems that any route with a body may end with besides. */
export const BODY_STATUSES = [400, 413, 415, 422] as const

/** The `responses` of a route for these statuses. */
export function problemResponses(statuses: readonly number[]) {
  return Object.fromEntries(
    statuses.map((status) => [
      status,
      {
        description: describeStatus(status),
        content: { 'application/problem+json': { schema: problemSchema } },
      },
    ]),
  )
}

function describeStatus(status: number): string {
  const titles = Object.values(PROBLEMS).filter((problem) => problem.status === status)
  return titles.map((problem) => problem.title).join('; ')
}
