// GET /v1/experiment: whether the users of the challenger do better than those of the champion, in words.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Project, Task } from '../../features/project.ts'
import type { ArmSums } from '../../features/statistics/cuped.ts'
import { describeExperiment } from '../../features/statistics/experiment.ts'
import type { AppEnv } from '../app-env.ts'
import { connect } from '../db/client.ts'
import { readRoles } from '../db/deployments.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { invalidRequest, ProblemError } from '../middleware/problem.ts'
import { runExperiment } from '../questions/experiment.ts'
import { KEY_STATUSES, problemResponses } from './problem-schema.ts'

const querySchema = z.object({
  event: z
    .string()
    .optional()
    .openapi({ description: 'What is counted of each user; what the first task asks for unless told' }),
  measure: z
    .enum(['count', 'value'])
    .default('count')
    .openapi({ description: 'Of those events: how many, or the sum of their values' }),
  better: z.enum(['higher', 'lower']).default('higher'),
})

const arm = z.object({ id: z.string(), users: z.number().int(), mean: z.number().nullable() })
const answerSchema = z.object({
  verdict: z.string().openapi({ example: 'better by 1.2 % (0.3 to 2.1), safe to stop' }),
  kind: z.string(),
  event: z.string(),
  measure: z.string(),
  since: z.string(),
  percent: z.number(),
  champion: arm,
  challenger: arm,
})

export interface ExperimentOptions {
  readonly project: Project
  readonly authenticate: Authenticate
}

export function registerExperiment(
  app: OpenAPIHono<AppEnv>,
  { project, authenticate }: ExperimentOptions,
): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/experiment',
    summary: 'Whether the users of the challenger do better',
    description:
      'Scope: admin. Since it answers its present share. May be looked at as often as one likes: the interval ' +
      'holds at all looks together. The split is checked first.',
    security: [{ key: [] }],
    middleware: [authenticate('admin')] as const,
    request: { query: querySchema },
    responses: {
      200: { description: 'The verdict', content: { 'application/json': { schema: answerSchema } } },
      ...problemResponses([409, 422, ...KEY_STATUSES]),
    },
  })
  app.openapi(route, async (c) => {
    const { event: named, measure, better } = c.req.valid('query')
    const event = eventOf(project, named)
    if (measure === 'value') assertValued(project, event)
    const db = connect(c.env.DB)
    const { champion, challenger } = await readRoles(db)
    if (champion === undefined || challenger === undefined)
      throw new ProblemError('role_refused', {
        detail: 'No challenger is on trial: presage canary begins one',
      })
    if (challenger.share >= 1)
      throw new ProblemError('role_refused', {
        detail: 'The challenger answers everybody: nobody is left to compare with',
      })
    const nowMs = c.get('clock')()
    const run = await runExperiment(db, { champion, challenger, event, measure, better, nowMs })
    return c.json(
      {
        verdict: describeExperiment(run.verdict),
        kind: run.verdict.kind,
        event,
        measure,
        since: new Date(challenger.fromAt).toISOString(),
        percent: challenger.share * 100,
        champion: toArm(champion.bundleId, run.control),
        challenger: toArm(challenger.bundleId, run.treatment),
      },
      200,
    )
  })
}

function toArm(id: string, { users, sum }: ArmSums): z.output<typeof arm> {
  return { id, users, mean: users === 0 ? null : sum / users }
}

/** The event that is counted. Throws ProblemError invalid_request where there is none. */
function eventOf(project: Project, named: string | undefined): string {
  const types = Object.keys(project.events)
  const event =
    named ??
    Object.values(project.tasks)
      .map(typeOf)
      .find((type) => type !== undefined)
  if (event !== undefined && types.includes(event)) return event
  const message =
    types.length === 0
      ? 'a project without events has nothing to count'
      : `expected one of ${types.join(', ')}, got ${event === undefined ? 'nothing' : `'${event}'`}`
  throw invalidRequest([{ code: 'unknown_event', path: ['event'], message }])
}

/** Throws ProblemError invalid_request where these events carry no values: all sums would be 0. */
function assertValued({ events }: Project, event: string): void {
  if (events[event]?.value === true) return
  const valued = Object.keys(events).filter((type) => events[type]?.value === true)
  const message = `'${event}' carries no values to sum; ${valued.length === 0 ? 'nor does another event' : `those that do: ${valued.join(', ')}`}`
  throw invalidRequest([{ code: 'no_values', path: ['measure'], message }])
}

function typeOf(task: Task): string | undefined {
  return 'type' in task ? task.type : undefined
}
