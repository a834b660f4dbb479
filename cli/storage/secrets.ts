// Secrets of the Worker: from this process's environment into the account, by wrangler's standard input, so that none
// stands on a command line, in a file or in a log.
import { jsonOf, runWrangler } from '../processes/wrangler.ts'
import type { Variables } from './environments.ts'

/** By name, when the Worker cannot do without it. One more is a line. */
export const SECRETS: Readonly<Record<string, (variables: Variables) => boolean>> = {
  ALARM_SECRET: ({ ALARM_URL }) => ALARM_URL !== undefined,
  GITHUB_TOKEN: ({ TRAINING_WAKE }) => TRAINING_WAKE === 'github',
  WEBHOOK_TOKEN: () => false,
}

/** Of the variable that brings a secret: what is in an environment for another reason is not sent. */
const PREFIX = 'PRESAGE_SECRET_'

export interface SecretsReport {
  /** Names of those that were set. */
  readonly set: readonly string[]
  /** Names of those that the Worker needs and does not have. */
  readonly missing: readonly string[]
}

/** What the environment brings, by name; a variable without text brings nothing. */
export function secretsIn(environment: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const entries = Object.keys(SECRETS).map((name) => [name, environment[`${PREFIX}${name}`] ?? ''] as const)
  return Object.fromEntries(entries.filter(([, value]) => value !== ''))
}

/** Sets them at the project's Worker, which is deployed. Done again it changes nothing. */
export async function setSecrets(
  secrets: Readonly<Record<string, string>>,
  { project, variables }: { readonly project: string; readonly variables: Variables },
): Promise<SecretsReport> {
  const set = Object.keys(secrets)
  const environment = ['--env', project]
  if (set.length > 0) await runWrangler(['secret', 'bulk', ...environment], JSON.stringify(secrets))
  const needed = Object.keys(SECRETS).filter((name) => SECRETS[name]?.(variables) && !set.includes(name))
  if (needed.length === 0) return { set, missing: [] }
  const listed = jsonOf(
    await runWrangler(['secret', 'list', ...environment, '--format', 'json']),
  ) as readonly {
    readonly name: string
  }[]
  return { set, missing: needed.filter((name) => !listed.some((secret) => secret.name === name)) }
}

/** What to do about one that is missing. */
export function describeMissing(name: string, project: string): string {
  return `the secret ${name} is missing: set ${PREFIX}${name} and deploy again, or npx wrangler secret put ${name} --env ${project}`
}
