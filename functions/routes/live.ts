// GET /v1/models/:id/live: how well the answers of a bundle turned out so far, by task and day, beside what its
// card and the prior say; and how much of each day is known by now.
import { createRoute, z } from '@hono/zod-openapi'
import type { OpenAPIHono } from '@hono/zod-openapi'
import {
  areaUnderCurve,
  calibrationError,
  calibrationOf,
  intervalOf,
  plusFigures,
} from '../../features/live-figures.ts'
import type { Figures } from '../../features/live-figures.ts'
import { DAY_MS } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { ROLES } from '../../features/roles.ts'
import type { AppEnv } from '../app-env.ts'
import { connect } from '../db/client.ts'
import { readBundle } from '../db/deployments.ts'
import { readLive } from '../db/outcomes.ts'
import type { LiveRow } from '../db/outcomes.ts'
import { dayOf, readTraffic } from '../db/predictions.ts'
import type { TrafficRow } from '../db/predictions.ts'
import type { Authenticate } from '../middleware/authenticate.ts'
import { ProblemError } from '../middleware/problem.ts'
import { metricsOf } from './models.ts'
import { KEY_STATUSES, problemResponses } from './problem-schema.ts'

const DAYS_MAX = 90

const mean = z
  .object({ mean: z.number(), low: z.number(), high: z.number(), count: z.number() })
  .nullable()
  .openapi({ description: 'With its 95 % interval; null where nothing is known' })

const figuresShape = {
  loss: mean.openapi({ description: 'Log loss; of amounts the mean absolute error' }),
  priorLoss: mean.openapi({ description: 'The same of the prior, on the same answers' }),
  auc: mean.openapi({ description: 'Of a yes or no' }),
  calibrationError: z.number().nullable(),
  unknown: z.number().openapi({ description: 'Answers of which nothing will be known' }),
}

const taskSchema = z.object({
  task: z.string(),
  role: z.enum(ROLES),
  ...figuresShape,
  calibration: z.array(
    z.object({ answered: z.number(), came: z.number(), low: z.number(), high: z.number() }),
  ),
  days: z.array(
    z.object({
      day: z.string(),
      ...figuresShape,
      logged: z.number(),
      known: z.number().openapi({ description: 'The share of the logged answers that is judged by now' }),
    }),
  ),
})

const answerSchema = z.object({
  id: z.string(),
  card: z.unknown().openapi({ description: 'The metrics of the card; null where it has none' }),
  tasks: z.array(taskSchema),
})

export interface LiveOptions {
  readonly project: Project
  readonly authenticate: Authenticate
}

export function registerLive(app: OpenAPIHono<AppEnv>, { project, authenticate }: LiveOptions): void {
  const route = createRoute({
    method: 'get',
    path: '/v1/models/{id}/live',
    summary: 'How well the answers of a model turned out',
    description: `Scope: predict. Of the last ${DAYS_MAX} days; a day is judged once the horizon of the task has passed.`,
    security: [{ key: [] }],
    middleware: [authenticate('predict')] as const,
    request: { params: z.object({ id: z.string() }) },
    responses: {
      200: { description: 'By task and role', content: { 'application/json': { schema: answerSchema } } },
      ...problemResponses([...KEY_STATUSES, 404]),
    },
  })
  app.openapi(route, async (c) => {
    const { id } = c.req.valid('param')
    const db = connect(c.env.DB)
    const fromDay = dayOf(c.get('clock')()) - DAYS_MAX
    const [bundle, traffic, live] = await Promise.all([
      readBundle(db, id),
      readTraffic(db, { bundleId: id, fromDay }),
      readLive(db, { bundleId: id, fromDay }),
    ])
    if (bundle === undefined) throw new ProblemError('not_found', { detail: `No bundle ${id} was published` })
    const arms = ROLES.filter((role) => traffic.some((row) => row.role === role))
    const tasks = arms.flatMap((role) =>
      Object.keys(project.tasks).map((task) => {
        const isOf = (row: { readonly role: string }): boolean => row.role === role
        const rows = live.filter((row) => isOf(row) && row.task === task)
        return { task, role, ...toTask(rows, traffic.filter(isOf)) }
      }),
    )
    return c.json({ id, card: metricsOf(bundle.card), tasks }, 200)
  })
}

function toTask(rows: readonly LiveRow[], traffic: readonly TrafficRow[]) {
  const all = rows
    .map(({ figures }) => figures)
    .reduce<Figures | undefined>((sum, figures) => plusFigures(sum, figures), undefined)
  return {
    ...toFigures(all),
    calibration: all === undefined ? [] : calibrationOf(all),
    days: traffic.map(({ day, logged }) => {
      const figures = rows.find((row) => row.day === day)?.figures
      const judged = figures === undefined ? 0 : figures.loss.count + figures.unknown
      return {
        day: new Date(day * DAY_MS).toISOString().slice(0, 10),
        ...toFigures(figures),
        logged,
        known: logged === 0 ? 0 : Math.min(1, judged / logged),
      }
    }),
  }
}

function toFigures(figures: Figures | undefined) {
  if (figures === undefined) {
    return { loss: null, priorLoss: null, auc: null, calibrationError: null, unknown: 0 }
  }
  return {
    loss: toMean(intervalOf(figures.loss)),
    priorLoss: toMean(intervalOf(figures.priorLoss)),
    auc: toMean(areaUnderCurve(figures)),
    calibrationError: calibrationError(figures) ?? null,
    unknown: figures.unknown,
  }
}

function toMean(found: ReturnType<typeof intervalOf>) {
  if (found === undefined) return null
  const { mean: middle, halfWidth, count } = found
  return { mean: middle, low: middle - halfWidth, high: middle + halfWidth, count }
}
