// The gate: a challenger against the champion at the latest moments that there are, of which neither has
// learned. Gives the verdict as data; describe-verdict.ts says it in words.
import { DAY_MS } from '../../features/project.ts'
import type { Project } from '../../features/project.ts'
import { createRandom } from '../../features/random.ts'
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'
import type { DataSet } from '../data/data-set.ts'
import { compareTasks } from '../evaluate-bundle.ts'
import type { Bundle } from '../evaluate-bundle.ts'
import { planMoments } from '../moments/plan-moments.ts'
import type { ExamplesWanted } from '../moments/plan.ts'
import type { Monitor } from '../monitor.ts'
import type { BackendName } from '../tf/backend.ts'
import type { TrainFault } from '../train-fault.ts'
import { answersOf } from '../answer-test.ts'
import type { How, TestAnswers } from '../answer-test.ts'
import { calibrationCosts } from './calibration-cost.ts'
import { pairLosses } from './paired-losses.ts'
import type { Answerer } from '../evaluate.ts'
import { gateSlices } from './gate-slices.ts'
import { judge } from './verdict.ts'
import type { Claim, Verdict } from './verdict.ts'

export interface GateRequest {
  readonly project: Project
  readonly data: DataSet
  /** Absent where none is deployed: then the challenger's own priors stand in. */
  readonly champion?: Bundle | undefined
  readonly challenger: Bundle
  /** Of what is drawn: the moments, and the users of the interval. */
  readonly seed: number
  /** How many moments of each part, about; as many as trainings make unless told. */
  readonly examples?: ExamplesWanted | undefined
  /** Why the challenger is promoted whatever is found. */
  readonly force?: string | undefined
  readonly backend?: BackendName | undefined
  readonly monitor?: Monitor | undefined
}

export interface GateResult extends Verdict {
  /** ISO 8601: the test is of moments from then on; null in tables. */
  readonly testFrom: string | null
  readonly champion: How | 'prior'
  readonly challenger: How
}

export type GateFault =
  | TrainFault
  | { readonly code: 'other_project'; readonly expected: string; readonly got: string }
  /** The challenger answers nothing that the project asks. */
  | { readonly code: 'answers_nothing'; readonly tasks: readonly string[] }

/** Compares at the moments of the data's test part. */
export async function judgeChallenger(request: GateRequest): Promise<Result<GateResult, GateFault>> {
  const { project, champion, challenger, seed, force } = request
  for (const { manifest } of champion === undefined ? [challenger] : [challenger, champion]) {
    if (manifest.project === project.name) continue
    return fail({ code: 'other_project', expected: project.name, got: manifest.project })
  }
  const plan = await planMoments({ ...request, testMsMax: TEST_MS_MAX })
  if (!plan.ok) return plan
  const test = { ...request, plan: plan.value }
  const own = await answersOf(challenger, test)
  if (!own.ok) return own
  const opponent = champion === undefined ? undefined : await answersOf(champion, test)
  if (opponent?.ok === false) return opponent
  const challenging = asked(project, own.value)
  if (challenging.heads.length === 0) {
    return fail({ code: 'answers_nothing', tasks: Object.keys(project.tasks) })
  }
  const { examples } = own.value
  const standing = opponent === undefined ? NOBODY : asked(project, opponent.value)
  assertSameMoments(own.value, opponent?.value)
  const paired = pairLosses(examples, { champion: standing, challenger: challenging })
  const features = own.value.features
  const verdict = judge({
    claim: claimOf(challenger, champion),
    paired,
    slices: paired.flatMap((task) => gateSlices(task, { examples, features })),
    calibration: {
      champion: calibrationCosts(examples, standing),
      challenger: calibrationCosts(examples, challenging),
    },
    random: createRandom(seed).fork('gate'),
    force,
  })
  const part = plan.value.parts.test
  return succeed({
    ...verdict,
    testFrom: part === undefined ? null : new Date(part.fromMs).toISOString(),
    champion: opponent?.value.how ?? 'prior',
    challenger: own.value.how,
  })
}

/** How things are by now; of more, what is compared would be how well either knew what was. */
export const TEST_MS_MAX = 14 * DAY_MS

const NOBODY = { heads: [], outputs: {} }

/** Later moments than the champion's are a merit of their own, which moments before them cannot show. */
function claimOf(challenger: Bundle, champion: Bundle | undefined): Claim {
  if (champion === undefined) return 'better'
  const [own, its] = [challenger, champion].map(({ card }) => card.deployed.untilMs ?? 0)
  return (own ?? 0) > (its ?? 0) ? 'no_worse' : 'better'
}

/** Of what a bundle answers, that which the project still asks. */
function asked(project: Project, { heads, outputs }: TestAnswers): Answerer {
  return { heads: compareTasks(project, heads).heads, outputs }
}

/** Both encode the same plan, each with its own features. */
function assertSameMoments(own: TestAnswers, other: TestAnswers | undefined): void {
  if (other === undefined || other.examples === own.examples) return
  const isSame = own.examples.atMs.every(
    (atMs, row) =>
      atMs === other.examples.atMs[row] && own.examples.userIds[row] === other.examples.userIds[row],
  )
  if (isSame && own.examples.count === other.examples.count) return
  throw new Error('Expected champion and challenger to be asked at the same moments, got others')
}
