// Labels as callers send them, checked against the label tasks that the project declares.
import { z } from '@hono/zod-openapi'
import { labelTasksOf } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { spellCategory } from '../../features/spelling.ts'
import { spelledValue, knownId, moment } from './fields.ts'
import { reason } from './reasons.ts'

/** A label of POST /v1/labels. Its value becomes one of the task's, however it is spelt. */
export function labelSchema(project: Project) {
  const tasks = Object.fromEntries(labelTasksOf(project))
  const names = Object.keys(tasks)
  const expected =
    names.length === 0 ? 'The project has no label task' : `Expected one of ${names.join(', ')}`
  return z
    .strictObject({
      userId: knownId,
      task: z
        .string()
        .refine((name) => Object.hasOwn(tasks, name), { ...reason('unknown_task'), error: expected })
        .openapi({ enum: names }),
      value: spelledValue.openapi({ description: "One of the task's values" }),
      at: moment.openapi({ description: 'The moment that the label is about, not later than now' }),
      knownAt: moment
        .optional()
        .openapi({ description: 'Since when the value is known, not before `at`; now where absent' }),
    })
    .transform(({ task, value, ...rest }, context) => {
      const values = tasks[task]?.values ?? []
      const known = values.find((one) => spellCategory(one) === value)
      if (known === undefined && values.length > 0) {
        context.addIssue({
          code: 'custom',
          path: ['value'],
          message: `Expected one of ${values.join(', ')}`,
          ...reason('unknown_value'),
        })
      }
      return { ...rest, task, value: known ?? '' }
    })
    .openapi('Label')
}
