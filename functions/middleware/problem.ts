// Errors as the caller sees them: RFC 9457 problem documents with a stable code. Nothing else of an
// error leaves the Worker; the rest goes to the log under the same request id.
import type { Context } from 'hono'
import { HTTPException } from 'hono/http-exception'
import type { AppEnv } from '../app-env.ts'
import { StorageError } from '../db/storage-error.ts'
import { BundleError } from '../inference/bundle-error.ts'
import type { Reason } from '../reason.ts'
import { describeError } from './describe-error.ts'

/** The codes that are not about the content of a body, with their status and title. */
export const PROBLEMS = {
  malformed_path: { status: 400, title: 'The path is not percent-encoded UTF-8' },
  malformed_text: { status: 400, title: 'The body is not UTF-8' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  duplicate_member: { status: 400, title: 'An object of the body names a member twice' },
  incomplete_body: { status: 400, title: 'The body ended too early' },
  missing_key: { status: 401, title: 'No API key was given' },
  invalid_key: { status: 401, title: 'The API key is not valid' },
  wrong_scope: { status: 403, title: 'The API key does not allow this' },
  not_found: { status: 404, title: 'There is nothing here' },
  method_not_allowed: { status: 405, title: 'The method is not allowed here' },
  role_refused: { status: 409, title: 'The roles do not allow this' },
  roles_changed: { status: 409, title: 'Somebody else changed the roles meanwhile' },
  bundle_refused: { status: 409, title: 'The bundle may not serve' },
  training_open: { status: 409, title: 'A training is queued or under way' },
  lease_lost: { status: 409, title: 'The training is no longer in these hands' },
  other_project: { status: 409, title: 'The trainer is of another project than the service' },
  other_version: { status: 409, title: 'The trainer is of another version than the service' },
  data_shrank: { status: 409, title: 'The data are less than half of what the last bundle learned from' },
  not_settled: { status: 409, title: 'The moment is too recent' },
  body_too_large: { status: 413, title: 'The body is too large' },
  unsupported_media_type: { status: 415, title: 'The body must be application/json' },
  invalid_request: { status: 422, title: 'The request is not valid' },
  internal_error: { status: 500, title: 'Something went wrong here' },
  no_model: { status: 503, title: 'No model has been published yet' },
  model_unavailable: { status: 503, title: 'The published model cannot be used' },
  storage_unavailable: { status: 503, title: 'The storage does not answer' },
  not_ready: { status: 503, title: 'The service is not ready' },
} as const

export type ProblemCode = keyof typeof PROBLEMS

/** The body of every answer that is not a success. */
export interface Problem {
  readonly type: string
  readonly title: string
  readonly status: (typeof PROBLEMS)[ProblemCode]['status']
  /** Stable; one of PROBLEMS, or the code that all reasons share. */
  readonly code: string
  readonly detail: string
  readonly requestId: string
  /** The first ones, where there are very many. */
  readonly reasons?: readonly Reason[]
}

/** How many reasons an answer lists: keeps it about as small as the request. */
const REASONS_MAX = 1_000

/** Ends a request with a problem. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError'
  readonly code: ProblemCode
  readonly reasons: readonly Reason[]

  constructor(
    code: ProblemCode,
    { detail, reasons = [] }: { detail?: string; reasons?: readonly Reason[] } = {},
  ) {
    super(detail ?? PROBLEMS[code].title)
    this.code = code
    this.reasons = reasons
  }
}

/** A request whose body says something that cannot be: 422 with all reasons. */
export function invalidRequest(reasons: readonly Reason[]): ProblemError {
  const [first] = reasons
  const detail = first === undefined ? undefined : `${first.path.join('.') || 'body'}: ${first.message}`
  return new ProblemError('invalid_request', { ...(detail !== undefined && { detail }), reasons })
}

/** The problem document for anything thrown. */
function toProblem(error: unknown, requestId: string): Problem {
  const { code: ownCode, message, reasons } = toProblemError(error)
  const { status, title } = PROBLEMS[ownCode]
  const code = sharedCode(reasons) ?? ownCode
  return {
    type: `/docs#${code}`,
    title,
    status,
    code,
    detail: reasons.length > REASONS_MAX ? `${message} (the first of ${reasons.length} reasons)` : message,
    requestId,
    ...(reasons.length > 0 && { reasons: reasons.slice(0, REASONS_MAX) }),
  }
}

/** The answer that carries a problem, beside the headers that were set before. */
export function problemResponse(c: Context<AppEnv>, error: unknown): Response {
  const requestId = c.get('requestId')
  const problem = toProblem(error, requestId)
  if (problem.status >= 500)
    console.error(
      requestId,
      problem.code,
      error instanceof ProblemError ? problem.detail : describeError(error),
    )
  return c.body(JSON.stringify(problem), problem.status, {
    'content-type': 'application/problem+json',
    ...(problem.status === 401 && { 'www-authenticate': 'Bearer' }),
    ...(problem.status === 503 && { 'retry-after': '2' }),
  })
}

function toProblemError(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  if (error instanceof StorageError) {
    return new ProblemError(error.fault === 'unavailable' ? 'storage_unavailable' : 'internal_error')
  }
  if (error instanceof BundleError) return new ProblemError('model_unavailable', { detail: error.message })
  if (error instanceof HTTPException && error.status === 400) return new ProblemError('malformed_json')
  if (error instanceof HTTPException && error.status === 415)
    return new ProblemError('unsupported_media_type')
  return new ProblemError('internal_error')
}

function sharedCode(reasons: readonly Reason[]): string | undefined {
  const [first] = reasons
  return first !== undefined && reasons.every((reason) => reason.code === first.code) ? first.code : undefined
}
