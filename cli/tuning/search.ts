// A search from files to a verdict: what it is made from, its journal, its threads, and what is shown meanwhile.
import { availableParallelism } from 'node:os'
import { sha256Hex } from '../../features/hash.ts'
import type { Project } from '../../features/project.ts'
import { nameOfData } from '../../training/data/files/data-path.ts'
import type { DataPath } from '../../training/data/files/data-path.ts'
import type { Settings } from '../../training/models/family.ts'
import type { Verdict } from '../../training/tune/verdict.ts'
import { rootFolder } from '../storage/paths.ts'
import { openData } from '../storage/open-data.ts'
import { codeOf, stateOfData } from '../storage/stamp.ts'
import { CommandError, onInterrupt } from '../terminal/failure.ts'
import { createMonitor } from '../terminal/monitor.ts'
import { sayPlainly } from '../terminal/progress.ts'
import { openJournal } from './journal.ts'
import type { Origin } from './journal.ts'
import { createTeller } from './tell.ts'

export interface SearchRequest {
  readonly project: Project
  readonly family: string
  /** Where journals lie. */
  readonly folder: string
  readonly path: DataPath
  readonly minutes: number
  /** Ends after so many cycles, if minutes are left. */
  readonly rounds: number | undefined
  readonly seed: number
  readonly examples: number | undefined
  readonly skipBadRows: boolean
}

/** A timer takes no longer. */
const TIMER_MS_MAX = 2 ** 31 - 1

export interface Searched {
  readonly family: string
  readonly verdict: Verdict
  /** What the project is to declare with the best. */
  readonly settings: Settings
  /** Trials in all, and how long they took, those of interrupted runs too. */
  readonly trials: number
  readonly searchedSeconds: number
}

/** Throws CommandError where there is nothing to search, or the project's own settings are not done in time. */
export async function searchedOn(request: SearchRequest): Promise<Searched> {
  const { project, seed, minutes } = request
  const [{ familyByName }, { declaredSettings }, { sharesFor }, { startTrialThreads }, { tune }] =
    await Promise.all([
      import('../../training/models/families.ts'),
      import('../../training/find-family.ts'),
      import('../../training/tune/hyperband.ts'),
      import('../../training/tune/trial-threads.ts'),
      import('../../training/tune/tune.ts'),
    ])
  const family = familyByName[request.family]
  if (family?.space === undefined) {
    const others = Object.values(familyByName).flatMap((one) => (one.space === undefined ? [] : [one.name]))
    throw new CommandError(
      `Family '${request.family}' has no settings to search; there are ${others.join(', ')} (--family)`,
    )
  }
  const declared = declaredSettings(project, family) ?? {}
  const own = { ...family.settings, ...declared }
  const data = await makeTrialData(request)
  const space = family.space(data.shape.features)
  const journal = openJournal(request.folder, {
    name: `${family.name}-${seed}`,
    origin: await originOf(request, own),
  })
  if (journal.differing.length > 0) {
    sayPlainly(`an earlier search is of other ${journal.differing.join(', ')}: begun anew`)
  }
  const before = journal.known.at(-1)?.searchedSeconds ?? 0
  if (journal.known.length > 0) {
    sayPlainly(
      `going on after ${journal.known.length} trials and ${before.toFixed(0)} s of an earlier search`,
    )
  }
  const startMs = performance.now()
  const searchedSeconds = (): number => before + (performance.now() - startMs) / 1000
  const threads = startTrialThreads({ family: family.name, data }, availableParallelism())
  const teller = createTeller({ minutes, searchedSeconds, known: journal.known })
  const release = onInterrupt(() => {
    teller.stop()
    sayPlainly('what was found is kept: the same command goes on')
  })
  const timer = setTimeout(
    () => void threads.close(),
    Math.min(TIMER_MS_MAX, Math.max(0, 60_000 * minutes - 1000 * before)),
  )
  let trials = journal.known.length
  try {
    const verdict = await tune({
      own,
      space,
      seed,
      shares: sharesFor(data.train.count),
      cyclesMax: request.rounds,
      userIds: data.validation.userIds,
      known: journal.known,
      judge: ({ index, settings }, share) =>
        threads.judge({ settings, share }, () => teller.begins({ trial: index, share })),
      record(found) {
        const line = { ...found, searchedSeconds: searchedSeconds() }
        journal.append(line)
        trials += 1
        teller.ends(line)
      },
    })
    if (verdict === undefined) {
      throw new CommandError(
        `No settings of ${family.name} were fitted on all examples in ${minutes} minutes: give more (--minutes), or fewer examples (--examples)`,
      )
    }
    return {
      family: family.name,
      verdict,
      settings: { ...declared, ...verdict.best.settings },
      trials,
      searchedSeconds: searchedSeconds(),
    }
  } finally {
    clearTimeout(timer)
    teller.stop()
    release()
    await threads.close()
    journal.close()
  }
}

/** The examples of a rehearsal but for its test. */
async function makeTrialData({ project, path, seed, examples, skipBadRows }: SearchRequest) {
  const [{ makeExamples }, { createHeads }, { describeTrainFault }, { examplesFor }, { describeShortage }] =
    await Promise.all([
      import('../../training/examples/make-examples.ts'),
      import('../../training/heads/create-heads.ts'),
      import('../../training/train-fault.ts'),
      import('../../training/moments/plan.ts'),
      import('../../training/heads/describe-shortage.ts'),
    ])
  const data = await openData({ project, path, skipBadRows, say: sayPlainly })
  try {
    const wanted = examples === undefined ? undefined : examplesFor(examples)
    const made = await makeExamples({ project, data, seed, examples: wanted, monitor: createMonitor() })
    if (!made.ok) throw new CommandError(describeTrainFault(made.reason))
    const { features, train, validation, newcomers } = made.value
    const created = createHeads(project, { targets: train.targets, newcomerTargets: newcomers })
    if (!created.ok) throw new CommandError(describeTrainFault(created.reason))
    const { heads, shortages } = created.value
    for (const shortage of shortages) sayPlainly(`${describeShortage(shortage)}: it is not searched for`)
    return { shape: { features, heads }, train, validation, seed }
  } finally {
    data.close()
  }
}

async function originOf(
  { project, path, seed, examples, skipBadRows }: SearchRequest,
  own: Settings,
): Promise<Origin> {
  const { training: _, ...declarations } = project
  const parts = {
    data: [nameOfData(path), stateOfData(project, path), skipBadRows, examples ?? null],
    declarations,
    settings: own,
    code: codeOf(rootFolder),
    seed,
  }
  const hashed = Object.entries(parts).map(
    async ([name, part]) => [name, await sha256Hex(JSON.stringify(part))] as const,
  )
  return Object.fromEntries(await Promise.all(hashed))
}
