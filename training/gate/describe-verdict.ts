// The gate's verdict in words, each with its numbers.
import { describeTrainFault } from '../train-fault.ts'
import type { GateFault, GateResult } from './judge-challenger.ts'
import type { Interval } from './bootstrap.ts'
import { GATE_LIMITS } from './verdict.ts'
import type { Obstacle, TaskVerdict, Verdict } from './verdict.ts'
import type { Worse } from './worse.ts'

/** Lines: the verdict, what was compared, each task, and what stands against a promotion. */
export function describeVerdict(result: GateResult): string[] {
  return [
    headline(result),
    comparison(result),
    ...result.tasks.map(describeTask),
    ...result.tooFew.map(
      ({ task, users }) =>
        `${task}: not compared: ${users} users with a known answer, of ${GATE_LIMITS.usersMin} needed`,
    ),
    ...againstIt(result),
  ]
}

/** One line, as a deployment's note keeps it. */
export function headline(verdict: Verdict): string {
  const { outcome, gain, forced, usersMore, users, moments } = verdict
  const found = gain === undefined ? '' : `, ${describeGain(gain)}`
  const on = `on ${moments} moments of ${users} users`
  if (forced !== undefined) return `promote, forced: ${forced} (${on}${found})`
  switch (outcome) {
    case 'promote':
      return `promote: the challenger is ${describeGain(gain)} ${on}`
    case 'keep':
      return `keep the champion: the challenger is ${describeGain(gain)} ${on}`
    case 'too_few':
      return users === 0
        ? `too few users to tell: no task could be compared; answers about ${usersMore} more users are needed`
        : `too few moments to tell: ${moments} of ${users} users${found}; answers about ${usersMore} more users are needed`
  }
}

/** The same with what stands against a promotion, where nothing else is told of it. */
export function inOneLine(verdict: Verdict): string {
  return [headline(verdict), ...againstIt(verdict)].join('; ')
}

function againstIt(verdict: Verdict): string[] {
  return verdict.obstacles.map((obstacle) => `against it: ${describeObstacle(obstacle, verdict)}`)
}

/** One line that says why nothing could be compared. */
export function describeGateFault(fault: GateFault): string {
  if (fault.code === 'other_project') {
    return `The bundle is of project '${fault.got}', not of '${fault.expected}'`
  }
  if (fault.code === 'answers_nothing') {
    return `The challenger answers none of ${fault.tasks.join(', ')} as the project asks them`
  }
  return describeTrainFault(fault)
}

const HOW = {
  as_deployed: 'as deployed',
  made_again: 'made again with its settings from what came before, for what it knows reaches into the test',
  prior: 'nobody: the prior stands in',
} as const

function comparison({ claim, champion, challenger, testFrom, slicesLooked }: GateResult): string {
  const test = testFrom === null ? 'the test rows' : `moments from ${testFrom}`
  const shown =
    claim === 'better'
      ? `must be better by more than ${percent(GATE_LIMITS.margin.better)}`
      : `knows later moments and must only be no worse by ${percent(GATE_LIMITS.margin.no_worse)}`
  return `${test}; champion: ${HOW[champion]}; challenger: ${HOW[challenger]}; it ${shown}; ${slicesLooked} slices looked at`
}

function describeTask({
  task,
  users,
  champion,
  challenger,
  gain,
  calibration,
  isAnsweredByChampion,
}: TaskVerdict): string {
  const opponent = isAnsweredByChampion
    ? `champion ${champion.toFixed(4)}`
    : `prior ${champion.toFixed(4)} (the champion does not answer it)`
  const losses = `loss ${challenger.toFixed(4)}, ${opponent}`
  return `${task}: ${describeGain(gain)}; ${losses}; calibration costs ${percent(Math.max(0, calibration.cost))}; ${users} users`
}

/** "better by 1.2 % (0.3 to 2.1)". */
function describeGain(gain: Interval | undefined): string {
  if (gain === undefined) return 'not compared'
  const { mean, low, high } = gain
  const [from, to] = mean >= 0 ? [low, high] : [-high, -low]
  const range = [from, to].map((share) => (100 * share).toFixed(2)).join(' to ')
  return `${mean >= 0 ? 'better' : 'worse'} by ${percent(Math.abs(mean))} (${range})`
}

function describeObstacle(obstacle: Obstacle, { tasks, gain }: Verdict): string {
  switch (obstacle.code) {
    case 'gain_not_shown':
      return `the gain may be as low as ${percent(gain?.low ?? Number.NaN)}, and must be above ${percent(obstacle.needed)}`
    case 'task_worse':
    case 'slice_worse':
      return `${describeWorse(obstacle.worse)}, more than chance explains`
    case 'calibration': {
      const cost = tasks.find(({ task }) => task === obstacle.task)?.calibration.cost ?? Number.NaN
      return `${obstacle.task}: bad calibration costs ${percent(cost)} of the loss, at most ${percent(obstacle.costMax)} may be`
    }
  }
}

function describeWorse({ task, slice, loss, users, moments }: Worse): string {
  const where = slice === undefined ? task : `${task} where ${slice}`
  return `${where}: worse by ${percent(loss)} on ${moments} moments of ${users} users`
}

function percent(share: number): string {
  return `${(100 * share).toFixed(2)} %`
}
