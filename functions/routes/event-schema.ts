// Events as callers send them, checked against what the project declares.
import { z } from '@hono/zod-openapi'
import { VALUE_MAX } from '../../features/event.ts'
import type { Project } from '../../features/project.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import { spellCategory } from '../../features/spelling.ts'
import type { ToldEvent } from '../intake/judge-events.ts'
import type { Reason } from '../reason.ts'
import { declaredAttributes, id, inFuture, isInFuture, knownId, moment, propertiesSchema } from './fields.ts'
import { reason, toReasons } from './reasons.ts'

/** An event of POST /v1/events. */
export function eventSchema(project: Project) {
  return z
    .strictObject({ id, userId: knownId, ...eventFields(project) })
    .superRefine(declarationCheck(project))
    .openapi('Event')
}

/** What an event of POST /v1/events says, or what is wrong with it. */
export function parseEvent(
  raw: unknown,
  { schema, receivedAt }: { readonly schema: ReturnType<typeof eventSchema>; readonly receivedAt: number },
): Result<ToldEvent, readonly Reason[]> {
  const parsed = schema.safeParse(raw)
  if (!parsed.success) return fail(toReasons(parsed.error.issues))
  if (isInFuture(parsed.data.occurredAt, receivedAt)) return fail([inFuture(['occurredAt'])])
  const { itemId, value, properties, ...event } = parsed.data
  return succeed({
    ...event,
    ...(itemId !== undefined && { itemId }),
    ...(value !== undefined && { value }),
    ...(properties !== undefined && { properties }),
  })
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
      .overwrite(spellCategory)
      .refine((type) => Object.hasOwn(project.events, type), {
        ...reason('unknown_event_type'),
        error: `Expected one of ${names.join(', ')}`,
      })
      .openapi({ enum: names }),
    itemId: mayBeNull(knownId).openapi({
      description: 'For the types that name an item, and only for those',
    }),
    value: mayBeNull(
      z.number().refine((value) => Math.abs(value) <= VALUE_MAX, {
        ...reason('too_large'),
        error: `Expected at most ${VALUE_MAX}, either way`,
      }),
    ).openapi({ description: 'For the types that carry a value, and only for those' }),
    properties: mayBeNull(propertiesSchema(declaredAttributes(project, 'context'))),
    occurredAt: moment,
  }
}

/** Null says as much as nothing. */
function mayBeNull<Value extends z.ZodType>(value: Value) {
  return value.nullish().transform((given) => given ?? undefined)
}

interface DeclaredFields {
  readonly type: string
  readonly itemId?: string | undefined
  readonly value?: number | undefined
}

/** An event names an item exactly when its type does, and carries a value exactly when its type does. */
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
    if (declared.value === true && event.value === undefined) {
      refuse('value', 'value_required', `'${event.type}' carries a value`)
    }
    if (declared.value !== true && event.value !== undefined) {
      refuse('value', 'value_not_allowed', `'${event.type}' carries no value`)
    }
  }
}
