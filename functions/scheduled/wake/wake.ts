// Telling a trainer that there is work. One way more is a file and a line; which one it is, the variable
// TRAINING_WAKE says.
import type { Result } from '../../../features/result.ts'
import { github } from './github.ts'
import { none } from './none.ts'
import { webhook } from './webhook.ts'

export interface WakeRequest {
  readonly project: string
  readonly trainingId: number
  readonly why: string
  /** Variables and secrets of the Worker. */
  readonly variables: WakeVariables
}

export interface WakeVariables {
  readonly TRAINING_WAKE?: string | undefined
  /** 'owner/name'. */
  readonly GITHUB_REPOSITORY?: string | undefined
  /** Allowed to start workflows of that repository, and nothing else. */
  readonly GITHUB_TOKEN?: string | undefined
  /** 'main' where absent. */
  readonly GITHUB_REF?: string | undefined
  /** https://api.github.com where absent. */
  readonly GITHUB_API?: string | undefined
  readonly WEBHOOK_URL?: string | undefined
  /** Sent as a bearer token where there is one. */
  readonly WEBHOOK_TOKEN?: string | undefined
}

/** Gives whom it told, or why it could not. Never throws. */
export type Wake = (request: WakeRequest) => Promise<Result<string, string>>

export const wakes: Readonly<Record<string, Wake>> = { github, webhook, none }

export function wake(request: WakeRequest): Promise<Result<string, string>> {
  const { TRAINING_WAKE: name = 'none' } = request.variables
  const way = Object.hasOwn(wakes, name) ? wakes[name] : undefined
  if (way !== undefined) return way(request)
  const reason = `TRAINING_WAKE is '${name}'; there are ${Object.keys(wakes).join(', ')}`
  return Promise.resolve({ ok: false, reason })
}
