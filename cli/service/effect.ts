// Shows on a running service that what is posted now counts in the next answer.
import { hasEvents } from '../../features/project.ts'
import { givenAttributes } from '../../features/made-vectors.ts'
import type { Project } from '../../features/project.ts'
import { CommandError } from '../terminal/failure.ts'
import type { Example } from '../storage/import.ts'
import { ownId } from '../storage/own-rows.ts'
import { predict, send } from './client.ts'
import type { Answer, Prediction, Service } from './client.ts'

export interface Effect {
  /** What was posted, in words. */
  readonly change: string
  /** The task whose answer changed most. */
  readonly task: string
  readonly before: string
  readonly after: string
}

interface Change {
  readonly words: string
  readonly request: { readonly method: 'POST' | 'PUT'; readonly path: string; readonly body: unknown }
}

/**
 * Posts one thing after another until an answer changes so that it can be seen, or changes at all; undefined
 * where none can, for the prior answers every task. Throws CommandError where one should have changed and
 * none did.
 */
export async function showEffect(
  service: Service,
  { project, example }: { readonly project: Project; readonly example: Example },
): Promise<Effect | undefined> {
  const isLog = hasEvents(project)
  // What somebody did and is is their own: events and profiles are those of a made-up user.
  const shown = { ...example, userId: ownId() }
  if (!isLog) await send(service, putProfile(shown))
  const question = { userId: shown.userId }
  let before = await predict(service, question)
  if (isPriorAlone(before)) return undefined
  let unseen: Effect | undefined
  for (const { words, request } of isLog ? eventChanges(project, shown) : profileChanges(project, shown)) {
    await send(service, request)
    const after = await predict(service, question)
    const task = changedTask(before, after)
    if (task !== undefined) {
      const change = isLog ? words : `${words} for one like ${example.userId}`
      const effect = { change, task, before: textOf(before, task), after: textOf(after, task) }
      if (effect.before !== effect.after) return effect
      unseen ??= effect
    }
    before = after
  }
  if (unseen !== undefined) return unseen
  if (isPriorAlone(before)) return undefined
  throw new CommandError('What was posted changed no answer: the service does not answer from what it stores')
}

/** The prior says the same of everybody. A model that failed is another matter. */
function isPriorAlone({ fallback, bundle, answers }: Prediction): boolean {
  if (fallback !== null) return false
  return bundle.family === 'prior' || Object.values(answers).every(({ basis }) => basis === 'prior')
}

function* eventChanges(project: Project, { userId, itemId }: Example): Generator<Change> {
  for (const [type, declared] of Object.entries(project.events)) {
    if (declared.item === true && itemId === undefined) continue
    const event = {
      id: ownId(),
      type,
      userId,
      ...(declared.item === true && { itemId }),
      ...(declared.value === true && { value: 1 }),
      occurredAt: Date.now(),
    }
    yield {
      words: `event '${type}' of a made-up user`,
      request: { method: 'POST', path: '/v1/events', body: { events: [event] } },
    }
  }
}

/** Each attribute in turn goes missing, or grows by 1 where it is a number; the others stay as they were. */
function* profileChanges(project: Project, example: Example): Generator<Change> {
  const { attributes } = example
  const given = givenAttributes(project.user)
  for (const [name, { kind }] of Object.entries(given)) {
    const value = kind === 'number' ? Number(attributes[name] ?? 0) + 1 : null
    const changed = Object.entries({ ...attributes, [name]: value }).filter(
      ([own, kept]) => kept !== null && given[own] !== undefined,
    )
    yield {
      words: `${name} from ${attributes[name] ?? 'missing'} to ${value ?? 'missing'}`,
      request: putProfile({ ...example, attributes: Object.fromEntries(changed) as Example['attributes'] }),
    }
  }
}

function putProfile({ userId, attributes }: Example): Change['request'] {
  return { method: 'PUT', path: `/v1/users/${encodeURIComponent(userId)}`, body: { attributes } }
}

function changedTask(before: Prediction, after: Prediction): string | undefined {
  const changes = Object.keys(after.answers).map((task) => {
    const [left, right] = [numbersOf(before.answers[task]), numbersOf(after.answers[task])]
    return {
      task,
      change: Math.max(0, ...right.map((number, index) => Math.abs(number - (left[index] ?? 0)))),
    }
  })
  const largest = changes.toSorted((a, b) => b.change - a.change)[0]
  return largest === undefined || largest.change === 0 ? undefined : largest.task
}

function numbersOf(answer: Answer | undefined): number[] {
  if (answer === undefined) return []
  if ('probability' in answer) return [answer.probability]
  return 'expected' in answer ? [answer.expected] : Object.values(answer.probabilities)
}

function textOf(prediction: Prediction, task: string): string {
  const answer = prediction.answers[task]
  if (answer === undefined) return 'none'
  if ('probability' in answer) return answer.probability.toFixed(4)
  if ('expected' in answer) return answer.expected.toFixed(4)
  const likely = Object.entries(answer.probabilities).toSorted(([, a], [, b]) => b - a)
  return likely
    .slice(0, 3)
    .map(([name, probability]) => `${name} ${probability.toFixed(4)}`)
    .join(', ')
}
