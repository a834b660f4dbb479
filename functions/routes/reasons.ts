// From what zod found to reasons with stable codes.
import type { z } from '@hono/zod-openapi'
import type { Reason } from '../reason.ts'
import { cutText } from '../../features/cut-text.ts'

type Issue = z.core.$ZodIssue

/** How much of a name is repeated in a path. */
const NAME_LENGTH_MAX = 128

/** The codes a reason may have, with what each means. */
export const REASON_CODES = {
  missing: 'A field that must be there is not.',
  wrong_type: 'A field has another type than declared.',
  not_finite: 'A number is not finite.',
  empty: 'A text or list has nothing in it.',
  too_long: 'A text is too long.',
  too_many: 'A list or object holds too many entries.',
  too_large: 'A number is too large to count with.',
  out_of_range: 'A number is less or more than what is allowed.',
  unknown_field: 'A field that the service does not know.',
  invalid_text: 'A text holds a lone surrogate or a NUL character.',
  invalid_vector: 'A vector has another length than declared, or holds what is no finite number.',
  invalid_time: 'A time is neither ISO 8601 with a zone nor whole Unix milliseconds.',
  time_before_1970: 'A time lies before 1970.',
  time_in_future: 'A time lies more than five minutes ahead.',
  unknown_event_type: 'The project declares no such event type.',
  unknown_attribute: 'The project declares no such attribute.',
  unknown_task: 'The project declares no such task.',
  task_not_in_model: 'The project declares the task, but the published model does not answer it.',
  not_changeable:
    'The project declares no such category or number of users or context, or declares it fixed.',
  task_changed: 'The task meant something else when the published model was trained.',
  item_required: 'Events of this type name an item.',
  item_not_allowed: 'Events of this type name no item.',
  value_required: 'Events of this type carry a value.',
  value_not_allowed: 'Events of this type carry no value.',
  unknown_value: 'The task declares no such value.',
  known_too_early: 'A label was known before the moment that it is about.',
  duplicate_label: 'Two labels of one request are about one user, task and moment.',
  duplicate_id: 'Two events of one request have the same id.',
  conflicting_id: 'Another event is stored under this id; that one stays.',
  placeholder_id: "The id of a user or an item is a word for the want of one, such as 'undefined' or 'null'.",
  conflicting_fields: 'Fields that exclude each other.',
  invalid_value: 'A value that is not allowed for another reason.',
} as const

export type ReasonCode = keyof typeof REASON_CODES

/** Names the reason of a custom check: pass it as the check's `params`. */
export function reason(code: ReasonCode): { readonly params: { readonly reason: ReasonCode } } {
  return { params: { reason: code } }
}

/** All that is wrong, in the order of the fields; an unknown field is named in its path. */
export function toReasons(issues: readonly Issue[]): Reason[] {
  return issues.flatMap(meantIssues).flatMap((issue) => {
    const path = issue.path.map((part) =>
      typeof part === 'number' ? part : cutText(String(part), NAME_LENGTH_MAX),
    )
    if (issue.code !== 'unrecognized_keys') return [{ code: codeOf(issue), path, message: messageOf(issue) }]
    const holdsAttributes = ['attributes', 'context', 'items'].some((field) => path[0] === field)
    const code: ReasonCode = holdsAttributes ? 'unknown_attribute' : 'unknown_field'
    return issue.keys.map((key) => ({
      code,
      path: [...path, cutText(key, NAME_LENGTH_MAX)],
      message: 'Not declared',
    }))
  })
}

/** Of a union whose one member was meant, what is wrong inside it: the others are of another type. */
function meantIssues(issue: Issue): Issue[] {
  if (issue.code !== 'invalid_union') return [issue]
  const meant = issue.errors.filter((nested) => nested.every(isInside))
  const [only = []] = meant
  return meant.length === 1
    ? only.flatMap((nested) => meantIssues({ ...nested, path: [...issue.path, ...nested.path] }))
    : [issue]
}

function isInside({ code, path }: Issue): boolean {
  return path.length > 0 || code === 'unrecognized_keys'
}

function codeOf(issue: Issue): ReasonCode {
  if (issue.code === 'custom') {
    const code: unknown = issue.params?.['reason']
    return typeof code === 'string' && code in REASON_CODES ? (code as ReasonCode) : 'invalid_value'
  }
  if (issue.code === 'invalid_type') {
    if (issue.message.endsWith('received undefined')) return 'missing'
    return /received (NaN|Infinity|-Infinity)$/.test(issue.message) ? 'not_finite' : 'wrong_type'
  }
  const isBound = issue.code === 'too_small' || issue.code === 'too_big'
  if (isBound && ['number', 'int', 'bigint'].includes(issue.origin)) return 'out_of_range'
  if (issue.code === 'too_small') return 'empty'
  if (issue.code === 'too_big') return issue.origin === 'string' ? 'too_long' : 'too_many'
  if (issue.code === 'invalid_key')
    return issue.issues[0] === undefined ? 'invalid_value' : codeOf(issue.issues[0])
  if (issue.code !== 'invalid_union') return 'invalid_value'
  return issue.errors.flat().some((nested) => codeOf(nested) === 'not_finite') ? 'not_finite' : 'wrong_type'
}

/** A name that is not allowed: what is wrong with it says more than that it is. Of a union, what it is made of. */
function messageOf(issue: Issue): string {
  if (issue.code === 'invalid_key') return issue.issues[0]?.message ?? issue.message
  if (issue.code !== 'invalid_union' || issue.message !== UNION_UNTOLD) return issue.message
  const types = issue.errors
    .flat()
    .flatMap((nested) => ('expected' in nested ? [String(nested.expected)] : []))
  return types.length === 0 ? issue.message : `Expected ${[...new Set(types)].join(' or ')}`
}

/** What zod says of a union that has no words of its own. */
const UNION_UNTOLD = 'Invalid input'
