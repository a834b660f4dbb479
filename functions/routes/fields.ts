// Fields that several bodies share: ids, texts, times, attributes.
import { z } from '@hono/zod-openapi'
import type { Attributes } from '../../features/attributes.ts'
import {
  ATTRIBUTES_BYTES_MAX,
  attributesBytes,
  CLOCK_TOLERANCE_MS,
  ID_LENGTH_MAX,
  isStorable,
  isWithin,
  PROPERTIES_MAX,
  PROPERTY_LENGTH_MAX,
  PROPERTY_NAME_LENGTH_MAX,
  TEXT_LENGTH_MAX,
} from '../../features/limits.ts'
import { isPlaceholder } from '../../features/placeholder.ts'
import type { Attribute } from '../../features/project.ts'
import { readTime } from '../../features/read-time.ts'
import { spellCategory } from '../../features/spelling.ts'
import type { Reason } from '../reason.ts'
import { reason } from './reasons.ts'

const INEXACT = {
  ...reason('wrong_type'),
  error: 'Send whole numbers beyond 2^53 as a text: JSON rounds them',
}

/** Whether a number is the one that was sent, as far as that can be known. */
function isExact(value: number): boolean {
  return !Number.isInteger(value) || Number.isSafeInteger(value)
}

/** A text that D1 and JSON keep as it is: no lone surrogates, no NUL. */
function storableText(lengthMax: number) {
  return z
    .string()
    .refine((text) => isWithin(text, lengthMax), {
      ...reason('too_long'),
      error: `Expected at most ${lengthMax} characters`,
    })
    .refine(isStorable, { ...reason('invalid_text'), error: 'Holds a lone surrogate or a NUL character' })
    .openapi({ maxLength: lengthMax })
}

/** An id of an event, a user or an item: 1–128 characters. */
export const id = storableText(ID_LENGTH_MAX).min(1).openapi({ example: 'u-1' })

/** The id of a user of whom something is stored: none that a program writes where it knows nobody. */
export const knownUserId = id.refine((text) => text === '' || !isPlaceholder(text), {
  ...reason('placeholder_id'),
  error: 'Stands for the want of an id; send nothing where you know nobody',
})

/**
 * A moment: ISO 8601 with an offset, or a number whose unit its size tells, read as in files. Gives Unix
 * milliseconds.
 */
export const moment = z
  .unknown()
  .transform((value, context) => {
    const isTime = typeof value === 'string' || typeof value === 'number'
    const time = isTime ? readTime(value) : { kind: 'unreadable' as const }
    if (time.kind === 'moment') return time.ms
    context.addIssue({
      code: 'custom',
      message: NOT_A_MOMENT[time.kind],
      ...reason(value === undefined ? 'missing' : 'invalid_time'),
    })
    return z.NEVER
  })
  .refine((ms) => ms >= 0, { ...reason('time_before_1970'), error: 'Lies before 1970' })
  .openapi({
    anyOf: [{ type: 'string', format: 'date-time' }, { type: 'number' }],
    description:
      'ISO 8601 with Z or an offset; or Unix milliseconds, or seconds, micro- or nanoseconds, told apart by size',
    example: '2026-10-01T12:00:00Z',
  })

const NOT_A_MOMENT = {
  unreadable: 'Expected ISO 8601 with Z or an offset, or Unix milliseconds',
  wallClock: 'Names no offset: write Z, or one such as +01:00, after the clock',
  unitless:
    'Expected Unix milliseconds, or seconds from 100000000 on: what this number counts its size does not tell',
}

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
  return z
    .strictObject(
      Object.fromEntries(
        Object.entries(declared).map(([name, attribute]) => [
          name,
          attributeValue(attribute).nullable().optional(),
        ]),
      ),
    )
    .superRefine(refuseTooManyBytes)
}

function refuseTooManyBytes(
  sent: Readonly<Record<string, string | number | null | undefined>>,
  refinement: z.core.$RefinementCtx,
): void {
  if (attributesBytes(toAttributes(sent)) <= ATTRIBUTES_BYTES_MAX) return
  refinement.addIssue({
    code: 'custom',
    message: `More than ${ATTRIBUTES_BYTES_MAX} bytes together`,
    ...reason('too_long'),
  })
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
  const value = z.union([storableText(PROPERTY_LENGTH_MAX), z.number(), z.boolean(), z.null()], {
    error: 'Expected a text, a finite number, a boolean or null',
  })
  const isCategory = (name: string): boolean =>
    Object.hasOwn(context, name) && context[name]?.kind === 'category'
  const spell = (name: string, property: string | number | boolean | null): string | number | null =>
    property === null || (typeof property !== 'boolean' && !isCategory(name))
      ? property
      : spellCategory(property)
  const checked = z
    .record(storableText(PROPERTY_NAME_LENGTH_MAX), value)
    .superRefine((properties, refinement) => {
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
        if (property === null || attribute.kind === 'category' || typeof property === expected) continue
        refinement.addIssue({
          code: 'custom',
          path: [name],
          message: `Expected a ${expected}`,
          ...reason('wrong_type'),
        })
      }
    })
  return checked
    .transform((properties) =>
      Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, spell(name, property)])),
    )
    .superRefine(refuseTooManyBytes)
}

function attributeValue(attribute: Attribute) {
  switch (attribute.kind) {
    case 'number':
      return z.number()
    case 'category':
      return categoryValue
    case 'text':
      return storableText(TEXT_LENGTH_MAX)
  }
}

/** A category is one value however its type spells it: 1 and 1.0, true and TRUE. */
export const categoryValue = z
  .union([storableText(TEXT_LENGTH_MAX), z.number().refine(isExact, INEXACT), z.boolean()], {
    error: 'Expected a text, a number or a boolean',
  })
  .transform((value) => (typeof value === 'string' && value.trim() === '' ? null : spellCategory(value)))
