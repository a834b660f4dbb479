// Fields that several bodies share: ids, texts, times, attributes.
import { z } from '@hono/zod-openapi'
import type { Attributes } from '../../features/attributes.ts'
import { NOT_MILLISECONDS } from '../../features/event.ts'
import type { Attribute } from '../../features/project.ts'
import type { Reason } from '../reason.ts'
import { reason } from './reasons.ts'

const ID_LENGTH_MAX = 128
const ATTRIBUTE_LENGTH_MAX = 10_000
const PROPERTY_LENGTH_MAX = 1_000
const PROPERTY_NAME_LENGTH_MAX = 64
const PROPERTIES_MAX = 32
/** How far ahead of the service's clock a caller's clock may be. */
const CLOCK_TOLERANCE_MS = 5 * 60_000

/** A text that D1 and JSON keep as it is: no lone surrogates, no NUL. */
function storableText(lengthMax: number) {
  return z
    .string()
    .max(lengthMax)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), {
      ...reason('invalid_text'),
      error: 'Holds a lone surrogate or a NUL character',
    })
}

/** An id of an event, a user or an item: 1–128 characters. */
export const id = storableText(ID_LENGTH_MAX).min(1).openapi({ example: 'u-1' })

/** A moment: ISO 8601 with a zone, or whole Unix milliseconds. Gives Unix milliseconds. */
export const moment = z
  .unknown()
  .transform((value, context) => {
    const ms = parseTime(value)
    if (ms !== undefined) return ms
    context.addIssue({
      code: 'custom',
      message: 'Expected ISO 8601 with a zone, or whole Unix milliseconds, not seconds',
      ...reason(value === undefined ? 'missing' : 'invalid_time'),
    })
    return z.NEVER
  })
  .refine((ms) => ms >= 0, { ...reason('time_before_1970'), error: 'Lies before 1970' })
  .openapi({
    anyOf: [{ type: 'string', format: 'date-time' }, { type: 'integer' }],
    description: 'ISO 8601 with a zone, or Unix milliseconds',
    example: '2026-10-01T12:00:00Z',
  })

/** Whether a moment lies further ahead than a caller's clock may be wrong. */
export function isInFuture(ms: number, nowMs: number): boolean {
  return ms > nowMs + CLOCK_TOLERANCE_MS
}

/** The reason why such a moment is refused. */
export function inFuture(path: readonly string[]): Reason {
  return { code: 'time_in_future', path, message: 'Lies more than five minutes ahead' }
}

/** The attributes that a project declares, each of its kind, null or left out where missing. */
export function attributesSchema(declared: Readonly<Record<string, Attribute>>) {
  return z.strictObject(
    Object.fromEntries(
      Object.entries(declared).map(([name, attribute]) => [
        name,
        attributeValue(attribute).nullable().optional(),
      ]),
    ),
  )
}

/** Attributes as they were sent, without those that are missing: null, or left out. */
export function toAttributes(sent: Readonly<Record<string, string | number | null | undefined>>): Attributes {
  const given = Object.entries(sent).flatMap(([name, value]) =>
    value === null || value === undefined ? [] : [[name, value] as const],
  )
  return Object.fromEntries(given)
}

/** Free details of an event: a flat object; names declared as context must be of their kind. */
export function propertiesSchema(context: Readonly<Record<string, Attribute>>) {
  const value = z.union([storableText(PROPERTY_LENGTH_MAX), z.number(), z.null()], {
    error: 'Expected a text, a finite number or null',
  })
  return z.record(storableText(PROPERTY_NAME_LENGTH_MAX), value).superRefine((properties, refinement) => {
    if (Object.keys(properties).length > PROPERTIES_MAX) {
      refinement.addIssue({
        code: 'custom',
        message: `More than ${PROPERTIES_MAX} properties`,
        ...reason('too_many'),
      })
    }
    for (const [name, attribute] of Object.entries(context)) {
      const property = Object.hasOwn(properties, name) ? properties[name] : null
      const expected = attribute.kind === 'number' ? 'number' : 'string'
      if (property === null || typeof property === expected) continue
      refinement.addIssue({
        code: 'custom',
        path: [name],
        message: `Expected a ${expected}`,
        ...reason('wrong_type'),
      })
    }
  })
}

function attributeValue(attribute: Attribute) {
  return attribute.kind === 'number' ? z.number() : storableText(ATTRIBUTE_LENGTH_MAX)
}

function parseTime(value: unknown): number | undefined {
  if (typeof value === 'number') return areMilliseconds(value) ? value : undefined
  const text = z.iso.datetime({ offset: true }).safeParse(value)
  return text.success ? Date.parse(text.data) : undefined
}

function areMilliseconds(value: number): boolean {
  const { from, until } = NOT_MILLISECONDS
  return Number.isSafeInteger(value) && (value < from || value >= until)
}
