// GET and POST /v1/deployments: who plays which role, every change of it, and changing it. A bundle that
// begins to play a role is proven here first, as every isolate does before it answers by it.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { describeRoleFault, ROLES } from '../../features/roles.ts'
import type { Project } from '../../features/project.ts'
import type { RoleChange } from '../../features/roles.ts'
import type { AppEnv } from '../app-env.ts'
import { connect } from '../db/client.ts'
import { changeRoles, readAudit } from '../db/deployments.ts'
import type { AuditRow } from '../db/deployments.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { ProblemError } from '../middleware/problem.ts'
import type { Serving } from '../questions/serving.ts'
import { assertProven } from './assert-proven.ts'
import { bundleIdSchema } from './bundle-file.ts'
import { words } from './fields.ts'
import { BODY_STATUSES, KEY_STATUSES, problemResponses } from './problem-schema.ts'
import { rolesShape, toSentRoles } from './roles-schema.ts'

const AUDIT_MAX = 100
const NOTE_LENGTH_MAX = 1_000
const HOUR_MS = 3_600_000
/** From a second to a year. */
const STEP_HOURS = { min: 1 / 3_600, max: 8_760 }

const note = words(NOTE_LENGTH_MAX).default('').openapi({ description: 'Why; kept in the audit' })

const version = z.number().int().nonnegative()
const decidedOn = version.optional().openapi({
  description:
    'The `version` that GET /v1/deployments told: where the roles were changed since, this is answered with 409',
})

const changeSchema = z
  .discriminatedUnion('action', [
    z.strictObject({ action: z.literal('promote'), bundleId: bundleIdSchema, note, decidedOn }),
    z.strictObject({
      action: z.literal('canary'),
      bundleId: bundleIdSchema,
      percent: z.number().gt(0).max(100).openapi({ description: 'Of the users; more than 0' }),
      stepHours: z.number().min(STEP_HOURS.min).max(STEP_HOURS.max).optional().openapi({
        description: 'Where the share is to grow by itself (5, 25, 50, 100 %): how long a step lasts',
      }),
      note,
      decidedOn,
    }),
    z.strictObject({ action: z.literal('shadow'), bundleId: bundleIdSchema, note, decidedOn }),
    z.strictObject({
      action: z.literal('rollback'),
      role: z.enum(ROLES).optional().openapi({
        description:
          'Absent: ends the trial of the challenger; where there is none, the champion before answers',
      }),
      note,
      decidedOn,
    }),
  ])
  .openapi('RoleChange')

const auditSchema = z.object({
  at: z.string(),
  action: z.string(),
  bundleId: z.string(),
  percent: z.number().nullable(),
  by: z.string(),
  note: z.string(),
})

const answerSchema = z.object({
  project: z.string(),
  ...rolesShape,
  version: version.openapi({ description: 'Of the roles: how many changes there were' }),
  audit: z.array(auditSchema).openapi({ description: `The latest ${AUDIT_MAX} changes, latest first` }),
})

export interface DeploymentsOptions {
  readonly project: Project
  readonly authenticate: Authenticate
  readonly serving: Serving
}

export function registerDeployments(app: OpenAPIHono<AppEnv>, options: DeploymentsOptions): void {
  const { project, authenticate, serving } = options
  const described = {
    description: 'Who plays the roles',
    content: { 'application/json': { schema: answerSchema } },
  }
  const shared = { path: '/v1/deployments', security: [{ key: [] }] }
  const list = createRoute({
    ...shared,
    method: 'get',
    summary: 'List who plays which role, and every change of it',
    description: 'Scope: admin.',
    middleware: [authenticate('admin')] as const,
    responses: { 200: described, ...problemResponses(KEY_STATUSES) },
  })
  const change = createRoute({
    ...shared,
    method: 'post',
    summary: 'Change who plays which role',
    description:
      'Scope: admin. In force everywhere within five seconds. All or nothing: of two changes at once one is ' +
      'answered with 409, and changes nothing.',
    middleware: [authenticate('admin')] as const,
    request: { body: { required: true, content: { 'application/json': { schema: changeSchema } } } },
    responses: { 200: described, ...problemResponses([...BODY_STATUSES, ...KEY_STATUSES, 409]) },
  })
  app.openapi(list, async (c) => c.json(await currentAnswer(c, project), 200))
  app.openapi(change, async (c) => {
    const sent = c.req.valid('json')
    if (sent.action !== 'rollback') await assertProven(c, { serving, bundleId: sent.bundleId })
    const { note: why, decidedOn: seen } = sent
    const origin = { by: `key ${c.get('keyId')}`, note: why, nowMs: c.get('clock')(), decidedOn: seen }
    const changed = await changeRoles(connect(c.env.DB), toChange(sent), origin)
    if (!changed.ok) {
      const { reason } = changed
      if (reason.code === 'changed_meanwhile') throw new ProblemError('roles_changed')
      throw new ProblemError('role_refused', { detail: describeRoleFault(reason) })
    }
    return c.json(await currentAnswer(c, project), 200)
  })
}

function toChange(sent: z.output<typeof changeSchema>): RoleChange {
  switch (sent.action) {
    case 'promote':
    case 'shadow':
      return { action: sent.action, bundleId: sent.bundleId }
    case 'canary': {
      const { action, percent, stepHours } = sent
      return {
        action,
        bundleId: sent.bundleId,
        percent,
        ...(stepHours !== undefined && { stepMs: Math.round(stepHours * HOUR_MS) }),
      }
    }
    case 'rollback':
      return { action: 'rollback', ...(sent.role !== undefined && { role: sent.role }) }
  }
}

async function currentAnswer(c: Context<AppEnv>, project: Project): Promise<z.output<typeof answerSchema>> {
  const { audit, roles, version: current } = await readAudit(connect(c.env.DB), AUDIT_MAX)
  return { project: project.name, ...toSentRoles(roles), version: current, audit: audit.map(toSentAudit) }
}

function toSentAudit({
  at,
  action,
  bundleId: id,
  share,
  by,
  note: why,
}: AuditRow): z.output<typeof auditSchema> {
  const percent = share === null ? null : share * 100
  return { at: new Date(at).toISOString(), action, bundleId: id, percent, by, note: why }
}
