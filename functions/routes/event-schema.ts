// Events as callers send them, checked against what the project declares.
import { z } from '@hono/zod-openapi'
import { VALUE_MAX } from '../../features/event.ts'
import type { Project } from '../../features/project.ts'
import { id, knownUserId, moment, propertiesSchema } from './fields.ts'
import { reason } from './reasons.ts'

/** An event of POST /v1/events. */
export function eventSchema(project: Project) {
  return z
    .strictObject({ id, userId: knownUserId, ...eventFields(project) })
    .superRefine(declarationCheck(project))
    .openapi('Event')
}

/** An event of a history in the body of POST /v1/predict: its user is the one asked about. */
export function historyEventSchema(project: Project) {
  return z
    .strictObject({
      id: id.optional(),
      ...eventFields(project),
      receivedAt: moment.optional().openapi({ description: 'Where absent, when it occurred' }),
    })
    .superRefine(declarationCheck(project))
    .openapi('HistoryEvent')
}

function eventFields(project: Project) {
  const names = Object.keys(project.events)
  return {
    type: z
      .string()
      .refine((type) => Object.hasOwn(project.events, type), {
        ...reason('unknown_event_type'),
        error: `Expected one of ${names.join(', ')}`,
      })
      .openapi({ enum: names }),
    itemId: id.optional().openapi({ description: 'For the types that name an item, and only for those' }),
    value: z
      .number()
      .refine((value) => Math.abs(value) <= VALUE_MAX, {
        ...reason('too_large'),
        error: `Expected at most ${VALUE_MAX}, either way`,
      })
      .optional()
      .openapi({ description: 'Only for the types that carry a value' }),
    properties: propertiesSchema(project.context).optional(),
    occurredAt: moment,
  }
}

interface DeclaredFields {
  readonly type: string
  readonly itemId?: string | undefined
  readonly value?: number | undefined
}

/** An event names an item exactly when its type does, and carries a value only when its type does. */
function declarationCheck(project: Project) {
  return (event: DeclaredFields, context: z.core.$RefinementCtx): void => {
    const declared = Object.hasOwn(project.events, event.type) ? project.events[event.type] : undefined
    if (declared === undefined) return
    const refuse = (field: 'itemId' | 'value', code: Parameters<typeof reason>[0], message: string): void => {
      context.addIssue({ code: 'custom', path: [field], message, ...reason(code) })
    }
    if (declared.item === true && event.itemId === undefined) {
      refuse('itemId', 'item_required', `'${event.type}' names an item`)
    }
    if (declared.item !== true && event.itemId !== undefined) {
      refuse('itemId', 'item_not_allowed', `'${event.type}' names no item`)
    }
    if (declared.value !== true && event.value !== undefined) {
      refuse('value', 'value_not_allowed', `'${event.type}' carries no value`)
    }
  }
}
