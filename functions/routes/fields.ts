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
import { cutText } from '../../features/cut-text.ts'
import { isMissing, marksOf } from '../../features/missing.ts'
import type { MissingMarks } from '../../features/missing.ts'
import { isPlaceholder } from '../../features/placeholder.ts'
import { givenAttributes } from '../../features/made-vectors.ts'
import type { Attribute, Project, VectorAttribute } from '../../features/project.ts'
import { readTime } from '../../features/read-time.ts'
import { spellCategory } from '../../features/spelling.ts'
import { expectedVector, readVector } from '../../features/vectors.ts'
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
function storable(text: z.ZodString, lengthMax: number) {
  return text
    .refine((value) => isWithin(value, lengthMax), {
      ...reason('too_long'),
      error: `Expected at most ${lengthMax} characters`,
    })
    .refine(isStorable, { ...reason('invalid_text'), error: 'Holds a lone surrogate or a NUL character' })
    .openapi({ maxLength: lengthMax })
}

/** A text that people write, such as why something is done. */
export function words(lengthMax: number) {
  return storable(z.string(), lengthMax)
}

/** An id of an event, a user or an item: 1–128 characters, the blanks around it cut off. */
/** A whole number in a path or a query, at least 1. @param what such as 'the number of a training' */
export function wholeParameter(what: string, max = Number.MAX_SAFE_INTEGER) {
  return z
    .string()
    .regex(/^\d{1,15}$/, { error: `Expected ${what}` })
    .transform(Number)
    .pipe(z.number().min(1).max(max))
}

export const id = storable(z.string().trim(), ID_LENGTH_MAX).min(1).openapi({ example: 'u-1' })

/** The id of a user or an item of which something is stored: none that a program writes where it knows none. */
export const knownId = id.refine((text) => text === '' || !isPlaceholder(text), {
  ...reason('placeholder_id'),
  error: 'Stands for the want of an id; send nothing where you know none',
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

/** Attributes that a project declares, and the marks of those that are missing. */
export interface DeclaredAttributes {
  readonly declared: Readonly<Record<string, Attribute>>
  readonly marks: MissingMarks
}

/** The attributes of one role that a project declares. */
export function declaredAttributes(project: Project, role: keyof typeof ROLES): DeclaredAttributes {
  return { declared: project[role], marks: marksOf(project.source, ROLES[role]) }
}

const ROLES = { user: 'users', item: 'items', context: 'events' } as const

/** The attributes that a project declares, each of its kind; null, a mark or left out where missing. */
export function attributesSchema(attributes: DeclaredAttributes) {
  return z.strictObject(attributeFields(attributes, TEXT_LENGTH_MAX)).superRefine(refuseTooManyBytes)
}

function attributeFields({ declared, marks }: DeclaredAttributes, lengthMax: number) {
  return Object.fromEntries(
    Object.entries(givenAttributes(declared)).map(([name, attribute]) => [
      name,
      attributeValue(attribute, { marks, lengthMax }).nullable().optional(),
    ]),
  )
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
export function propertiesSchema(context: DeclaredAttributes) {
  const detail = z
    .union([storable(z.string(), PROPERTY_LENGTH_MAX), z.number(), z.boolean(), z.null()], {
      error: 'Expected a text, a finite number, a boolean or null',
    })
    .transform((value) => (typeof value === 'boolean' ? spellCategory(value) : value))
  return z
    .record(storable(z.string(), PROPERTY_NAME_LENGTH_MAX), z.unknown())
    .refine((sent) => Object.keys(sent).length <= PROPERTIES_MAX, {
      ...reason('too_many'),
      error: `More than ${PROPERTIES_MAX} properties`,
    })
    .pipe(z.object(attributeFields(context, PROPERTY_LENGTH_MAX)).catchall(detail))
    .superRefine(refuseTooManyBytes)
    .transform(toAttributes)
}

interface ValueOptions {
  readonly marks: MissingMarks
  readonly lengthMax: number
}

function attributeValue(attribute: Attribute, options: ValueOptions) {
  switch (attribute.kind) {
    case 'number':
      return z.number()
    case 'category':
      return categoryValue(options)
    case 'text':
      return textValue(options)
    case 'vector':
      return vectorValue(attribute, options)
  }
}

/** A category is one value however its type spells it: 1 and 1.0, true and TRUE. */
function categoryValue({ marks, lengthMax }: ValueOptions) {
  return anyCategory
    .transform((value) => (isMissing(String(value), marks.value) ? null : spellCategory(value)))
    .pipe(storable(z.string(), lengthMax).nullable())
}

/** A text, a number or a boolean: one value however its type spells it. */
const anyCategory = z.union([z.string(), z.number().refine(isExact, INEXACT), z.boolean()], {
  error: 'Expected a text, a number or a boolean',
})

/** A category of which nothing says that it is missing. */
export const spelledValue = anyCategory.transform(spellCategory)

/** As many finite numbers as the project declares, or the text in which such a vector is stored and exported. */
function vectorValue({ length }: VectorAttribute, { marks }: ValueOptions) {
  return z
    .union([z.array(z.number().nullable()), z.string()], { error: `Expected ${expectedVector(length)}` })
    .transform((given, context) => {
      if (typeof given === 'string' && isMissing(given, marks.value)) return null
      const read = readVector(given, length)
      if (read.ok) return read.value
      const message = `Expected ${expectedVector(length)}, got ${cutText(read.reason, VECTOR_FAULT_MAX)}`
      context.addIssue({ code: 'custom', message, ...reason('invalid_vector') })
      return z.NEVER
    })
    .openapi({ type: 'array', items: { type: 'number' }, minItems: length, maxItems: length })
}

const VECTOR_FAULT_MAX = 40

function textValue({ marks, lengthMax }: ValueOptions) {
  return z
    .string()
    .transform((text) => (isMissing(text, marks.text) ? null : text))
    .pipe(storable(z.string(), lengthMax).nullable())
    .openapi({ type: 'string', maxLength: lengthMax })
}
