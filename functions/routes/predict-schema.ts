// What POST /v1/predict takes and gives.
import { z } from '@hono/zod-openapi'
import type { Project } from '../../features/project.ts'
import { ROLES } from '../../features/roles.ts'
import { historyEventSchema } from './event-schema.ts'
import { attributesSchema, declaredAttributes, id, moment } from './fields.ts'
import { explainSchema, explanationsSchema } from './explain-schema.ts'
import { reason } from './reasons.ts'

const HISTORY_LENGTH_MAX = 10_000
const TASKS_MAX = 100

/** Either a user whose data is stored, or all that is to be known of one. */
export function predictSchema(project: Project) {
  const taskNames = Object.keys(project.tasks)
  const task = z
    .string()
    .refine((name) => Object.hasOwn(project.tasks, name), {
      ...reason('unknown_task'),
      error: `Expected one of ${taskNames.join(', ')}`,
    })
    .openapi({ enum: taskNames })
  return z
    .strictObject({
      userId: id.optional().openapi({ description: 'A user whose events and attributes are stored' }),
      history: z.array(historyEventSchema(project)).max(HISTORY_LENGTH_MAX).optional().openapi({
        description:
          'In place of userId: the events, in any order; those of one moment keep theirs. Nothing is read or stored',
      }),
      attributes: attributesSchema(declaredAttributes(project, 'user'))
        .optional()
        .openapi({ description: 'With history: the attributes of the user' }),
      items: z
        .record(id, attributesSchema(declaredAttributes(project, 'item')))
        .optional()
        .openapi({ description: 'With history: attributes of its items, by item id' }),
      context: attributesSchema(declaredAttributes(project, 'context'))
        .optional()
        .openapi({ description: 'Where absent, the properties of the latest event stand in' }),
      at: moment.optional().openapi({ description: 'The moment asked about; now where absent' }),
      tasks: z.array(task).min(1).max(TASKS_MAX).optional().openapi({ description: 'All where absent' }),
      explain: explainSchema(project).optional(),
      interval: z.boolean().optional().openapi({
        description: 'Whether probabilities come with an interval; of amounts and of the prior there is none',
      }),
    })
    .superRefine((sent, context) => {
      const inline = (['history', 'attributes', 'items'] as const).filter(
        (field) => sent[field] !== undefined,
      )
      if (sent.userId === undefined && sent.history === undefined && sent.attributes === undefined) {
        const message = 'Send a userId, or a history or attributes'
        context.addIssue({ code: 'custom', path: ['userId'], message, ...reason('missing') })
      }
      for (const field of sent.userId === undefined ? [] : inline) {
        const message = 'Excluded by userId, whose data is read from the storage'
        context.addIssue({ code: 'custom', path: [field], message, ...reason('conflicting_fields') })
      }
    })
    .openapi('PredictRequest')
}

export type PredictBody = z.output<ReturnType<typeof predictSchema>>

const base = {
  basis: z.literal('prior').optional().openapi({
    description: 'Present where the prior answers: the model knows no better, or fallback says why',
  }),
  fallback: z.literal('too_little_known').optional().openapi({
    description: 'Present where fewer than 10 moments of training knew as little as is known here',
  }),
  support: z
    .number()
    .optional()
    .openapi({
      description:
        'How many moments of training looked like this: of about as long a history, or of a table with about as ' +
        'many of its columns known',
    }),
}
const interval = z
  .object({ lower: z.number(), upper: z.number() })
  .optional()
  .openapi({
    description:
      'Present where asked for: where, 19 times of 20, the share lies that comes true of moments with about this ' +
      'probability. Of a value, that of its probability',
  })

const answerSchema = z
  .union([
    z.object({ probability: z.number(), interval, ...base }).openapi({ description: 'occurs, absent' }),
    z
      .object({
        value: z.string(),
        probabilities: z.record(z.string(), z.number()).readonly(),
        interval,
        ...base,
      })
      .openapi({ description: 'nextEvent, label' }),
    z.object({ expected: z.number(), ...base }).openapi({ description: 'total, count' }),
  ])
  .openapi('Answer')

/** What POST /v1/predict answers. */
export const predictAnswerSchema = z
  .object({
    userId: z.string().optional(),
    at: z.string().openapi({ description: 'The moment asked about, ISO 8601' }),
    bundle: z.object({
      id: z.string(),
      family: z.string(),
      role: z.enum(ROLES).openapi({
        description: 'A challenger answers a share of the users, always the same ones',
      }),
      createdAt: z.string().openapi({ description: 'When the bundle was published, ISO 8601' }),
      insteadOf: z
        .object({ id: z.string(), reason: z.enum(['loading', 'unusable']) })
        .optional()
        .openapi({ description: 'The bundle that was to answer, where this one does in its place' }),
    }),
    fallback: z
      .enum(['unknown_user', 'model_failed'])
      .nullable()
      .openapi({
        description:
          'Why the answers are those of the prior; null where the model gave them. unknown_user: the user ' +
          'has done nothing yet, and first moments of users answer',
      }),
    answers: z.record(z.string(), answerSchema).readonly(),
    unanswered: z
      .array(z.object({ task: z.string(), reason: z.enum(['changed', 'not_in_model']) }))
      .optional()
      .openapi({
        description:
          'Tasks left out of answers, if any: what they ask has changed since the model was trained, or it ' +
          'was trained without them',
      }),
    explanations: explanationsSchema.optional(),
    requestId: z.string(),
  })
  .openapi('Prediction')
