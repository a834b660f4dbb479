// Days of a service in minutes: events by the hour, questions, turns of the clock, trainings, and what goes wrong.
import { join } from 'node:path'
import { DAY_MS } from '../../features/project.ts'
import { createRandom } from '../../features/random.ts'
import { projectPaths } from '../../cli/storage/paths.ts'
import { pushBroken, pushMislabelled } from './bad-bundles.ts'
import { createRunClock } from './clock.ts'
import { openFrozen } from './frozen.ts'
import type { Losses } from './losses.ts'
import { excessOf, NO_LOSSES, plusLosses } from './losses.ts'
import { askAbout, askAnybody, score } from './questions.ts'
import type { Asked } from './questions.ts'
import { PROJECT, startRunService } from './run-service.ts'
import type { RunService } from './run-service.ts'
import { tell } from './tell.ts'
import { createTrainers } from './trainings.ts'
import { createWorld, START_MS } from './world.ts'
import type { HeardVersion, Stretch, WorldRequest } from './world.ts'

const HOUR_MS = 3_600_000
/** Turns of the clock lie so many hours apart: more often there is hardly anything to do. */
const CRON_HOURS = 3

export interface RunRequest extends WorldRequest {
  readonly family: string
  readonly questionsPerDay: number
  readonly killChance: number
  readonly brokenDay: number
  readonly badDay: number
  readonly say: (line: string) => void
}

export interface RunDay {
  readonly day: number
  readonly events: number
  readonly champion: string
  readonly tasks: Readonly<Record<string, Losses>>
}

/** What happened to a bundle that should not have answered. */
export interface Intruder {
  readonly id: string
  readonly pushedMs: number
  /** Of the broken one: whether the service would not have it. */
  readonly isRefused?: boolean
}

export interface Run {
  readonly days: readonly RunDay[]
  readonly asked: number
  /** Questions without an answer, or answered although the model failed. */
  readonly failed: readonly Asked[]
  /** How many answers each bundle gave. */
  readonly answersBy: Readonly<Record<string, number>>
  readonly broken?: Intruder
  readonly bad?: Intruder
  readonly kills: number
  // eslint-disable-next-line typescript/no-explicit-any -- as the routes give them
  readonly trainings: any
  // eslint-disable-next-line typescript/no-explicit-any -- as the routes give them
  readonly deployments: any
  readonly alarms: readonly string[]
  readonly seconds: number
}

export async function runMonths(request: RunRequest): Promise<Run> {
  const startMs = performance.now()
  const clock = createRunClock(START_MS)
  const service = await startRunService(clock)
  try {
    return await run(request, { clock, service, startMs })
  } finally {
    await service.stop()
  }
}

interface Started {
  readonly clock: ReturnType<typeof createRunClock>
  readonly service: RunService
  readonly startMs: number
}

async function run(request: RunRequest, { clock, service, startMs }: Started): Promise<Run> {
  const { say, family } = request
  const random = createRandom(request.seed).fork('run')
  const world = createWorld(request)
  const before = world.stretch(0, START_MS)
  await tell(service, before, { backfill: true })
  say(`${before.events.length} events of the past are told`)
  const known = [...new Set(before.events.map(({ userId }) => userId))]
  const isKnown = new Set(known)
  // What was stored is settled, and keys and roles of before are forgotten.
  clock.set(clock.now() + 60_000)

  const answersBy: Record<string, number> = {}
  const failed: Asked[] = []
  let asked = 0
  const note = (answers: readonly Asked[]): void => {
    for (const answer of answers) {
      asked += 1
      if (answer.isFailure) failed.push(answer)
      if (answer.bundle !== undefined) answersBy[answer.bundle] = (answersBy[answer.bundle] ?? 0) + 1
    }
  }
  let hasChampion = false
  const ofAnybody = random.fork('meanwhile')
  const trainers = createTrainers({
    service,
    clock,
    random: random.fork('kills'),
    family,
    killChance: request.killChance,
    say,
    meanwhile: async () => {
      if (hasChampion) note([await askAbout(service, known[ofAnybody.integer(known.length)] ?? '')])
    },
  })
  await service.send('POST', '/v1/trainings', { why: 'the first' })
  await trainers.takeUp()
  const first = await championOf(service)
  if (first === undefined) throw new Error('No bundle came of the first training')
  hasChampion = true
  const frozen = await openFrozen(join(projectPaths(PROJECT).bundles, first))

  /** Everything is told as it happens; after some events a page asks, at the end of the hour a job. */
  const liveHour = async (untilMs: number): Promise<Asked[]> => {
    const stretch = world.stretch(untilMs - HOUR_MS, untilMs)
    const answers: Asked[] = []
    for (const { atMs, told, by } of happenings(stretch)) {
      clock.set(atMs)
      await tell(service, told)
      if (by === undefined) continue
      eventsOfDay += 1
      if (!isKnown.has(by)) known.push(by)
      isKnown.add(by)
      if (random.next() < pageChance) answers.push(await askAbout(service, by))
    }
    clock.set(untilMs)
    const count = Math.round(request.questionsPerDay / 2 / 24)
    return [...answers, ...(await askAnybody(service, { known, count, random }))]
  }
  let eventsOfDay = 0
  let cronSeconds = 0
  let pageChance = 0

  const days: RunDay[] = []
  let broken: Intruder | undefined
  let bad: Intruder | undefined
  for (let day = 0; day < request.days; day += 1) {
    const dayMs = START_MS + day * DAY_MS
    const tasks: Record<string, Losses> = {}
    const expected = world.stretch(dayMs, dayMs + DAY_MS).events.length
    eventsOfDay = 0
    pageChance = request.questionsPerDay / 2 / Math.max(1, expected)
    for (let hour = 1; hour <= 24; hour += 1) {
      const untilMs = dayMs + hour * HOUR_MS
      const answers = await liveHour(untilMs)
      note(answers)
      const losses = await score(answers, { world, frozen, random })
      for (const [task, more] of Object.entries(losses))
        tasks[task] = plusLosses(tasks[task] ?? NO_LOSSES, more)
      if (hour % CRON_HOURS !== 0) continue
      const cronMs = performance.now()
      await service.cron()
      cronSeconds += (performance.now() - cronMs) / 1000
      await trainers.takeUp()
      // Nobody else is on trial.
      if ((await service.send('GET', '/v1/deployments')).challenger !== null) continue
      if (broken === undefined && day >= request.brokenDay) {
        const from = (await championOf(service)) ?? first
        broken = { ...(await pushBroken(service, { from, nowMs: clock.now() })), pushedMs: clock.now() }
        say(`day ${day}: a broken bundle is pushed`)
      } else if (bad === undefined && day >= request.badDay) {
        const learned = world.stretch(0, untilMs)
        const id = await pushMislabelled(service, learned, { family, nowMs: clock.now() })
        bad = { id, pushedMs: clock.now() }
        say(`day ${day}: a bad challenger is pushed`)
      }
    }
    const { champion: answering, challenger } = await service.send('GET', '/v1/deployments')
    const champion: string = answering?.id ?? 'none'
    const { alarms: ringing = [] } = (await service.ask('GET', '/readyz')).json
    const alarmed = ringing.length === 0 ? '' : `, alarms ${ringing.join(', ')}`
    const onTrial =
      challenger === null ? '' : `, ${challenger.id.slice(0, 8)} on trial at ${challenger.percent} %`
    days.push({ day, events: eventsOfDay, champion, tasks })
    const [own, its] = (['answered', 'frozen'] as const).map((which) => percent(excessOf(tasks, which)))
    const seconds = ((performance.now() - startMs) / 1000).toFixed(0)
    say(
      `day ${day}: ${eventsOfDay} events, champion ${champion.slice(0, 8)}${onTrial}${alarmed}, loss over the truth's ${own}, without the loop ${its} [${seconds} s, ${cronSeconds.toFixed(0)} of them by the clock]`,
    )
  }
  const { alarms = [] } = (await service.ask('GET', '/readyz')).json
  return {
    days,
    asked,
    failed,
    answersBy,
    ...(broken && { broken }),
    ...(bad && { bad }),
    kills: trainers.kills(),
    trainings: (await service.send('GET', '/v1/trainings')).trainings,
    deployments: await service.send('GET', '/v1/deployments'),
    alarms,
    seconds: Math.round((performance.now() - startMs) / 1000),
  }
}

interface Happening {
  readonly atMs: number
  readonly told: Stretch
  /** Who did it; absent where nobody did anything. */
  readonly by?: string
}

/** One thing after the other; what becomes known of somebody before what they do then. */
function happenings({ events, users, items }: Stretch): Happening[] {
  const nothing: Stretch = { events: [], users: [], items: [] }
  const known = (kind: 'users' | 'items') => (heard: HeardVersion) => ({
    atMs: heard.version.knownAt,
    told: { ...nothing, [kind]: [heard] },
  })
  return [
    ...items.map(known('items')),
    ...users.map(known('users')),
    ...events.map((event) => ({
      atMs: event.occurredAt,
      told: { ...nothing, events: [event] },
      by: event.userId,
    })),
  ].toSorted((left, right) => left.atMs - right.atMs)
}

async function championOf(service: RunService): Promise<string | undefined> {
  const { champion } = await service.send('GET', '/v1/models')
  return champion?.id
}

function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
