// What may be asked of the reasons of an answer, and how they are given.
import { z } from '@hono/zod-openapi'
import type { Project } from '../../features/project.ts'
import { reason } from './reasons.ts'

const EVENTS_DEFAULT = 5
const EVENTS_MAX = 20

/** Of `true`: no change is asked about. */
export const NOTHING_CHANGES = { events: EVENTS_DEFAULT, changeable: [], towards: 'more' } as const

/** true, or more exactly what is wanted. */
export function explainSchema(project: Project) {
  const changeable = changeableNames(project)
  const name = z
    .string()
    .refine((text) => changeable.includes(text), {
      ...reason('not_changeable'),
      error:
        changeable.length === 0
          ? 'The project declares no category and no number of users or context that is not fixed: nothing can be changed'
          : `Expected one of ${changeable.join(', ')}`,
    })
    .openapi({ enum: changeable })
  const options = z.strictObject({
    events: z
      .int()
      .min(0)
      .max(EVENTS_MAX)
      .default(EVENTS_DEFAULT)
      .openapi({ description: 'How many of the latest events are told one by one' }),
    changeable: z.array(name).max(20).default([]).openapi({
      description:
        'Attributes that you can change: the one change among them is told that moves the answer most',
    }),
    towards: z
      .enum(['more', 'less'])
      .default('more')
      .openapi({ description: 'Whether that change is to raise the answer or to lower it' }),
  })
  return z.union([z.boolean(), options]).openapi({
    description:
      'Reasons of each answer: what each part of what is known adds to it, in numbers that sum to score less ' +
      'base, and in words. Asks the model up to 256 times in one run',
  })
}

/** Categories and numbers of the user and the context, but those that are fixed: what a caller may be able to change. */
function changeableNames(project: Project): string[] {
  return (['user', 'context'] as const).flatMap((origin) =>
    Object.entries(project[origin]).flatMap(([name, { kind, fixed }]) =>
      (kind === 'category' || kind === 'number') && fixed !== true ? [`${origin}.${name}`] : [],
    ),
  )
}

const contribution = z.object({
  part: z.string().openapi({ example: 'user.plan' }),
  contribution: z.number().openapi({ description: 'In the unit of the answer: probability, or amount' }),
  text: z.string().openapi({ example: '3 × cart in 7 days: +12 points' }),
  event: z.object({ id: z.string(), type: z.string(), occurredAt: z.string() }).optional(),
})

const counterfactual = z
  .object({
    change: z.string().openapi({ example: 'user.plan' }),
    from: z.union([z.string(), z.number()]).nullable(),
    to: z.union([z.string(), z.number()]),
    score: z.number().openapi({ description: 'What the model would answer then' }),
    text: z.string(),
  })
  .nullable()
  .openapi({ description: 'null where no such change moves the answer that way' })

const explanation = z.object({
  of: z.string().optional().openapi({ description: 'The class whose probability is explained' }),
  base: z
    .number()
    .openapi({ description: 'What the model says of somebody typical, of whom no event is known' }),
  score: z.number(),
  contributions: z.array(contribution).readonly().openapi({ description: 'The greatest first' }),
  counterfactual: counterfactual.optional(),
})

const unexplained = z.object({
  unexplained: z.enum(['unknown_user', 'model_failed', 'prior', 'too_little_known']).openapi({
    description:
      'Nothing to explain: of nobody known, by a model that failed, or the prior answers the task for want of skill, or because too little is known',
  }),
})

/** By task. */
export const explanationsSchema = z
  .record(z.string(), z.union([explanation, unexplained]))
  .readonly()
  .openapi({ description: 'Present where explain was asked for' })
