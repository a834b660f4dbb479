// presage gate: whether a challenger may take the champion's place.
import type { Command } from 'commander'
import type { Project } from '../../features/project.ts'
import { openDeployment } from '../../features/roles.ts'
import { loadProject } from '../projects/load-project.ts'
import { PROJECT_HELP } from '../projects/project-file.ts'
import { findBundle, findBundleOf } from '../storage/find-bundle.ts'
import { openData } from '../storage/open-data.ts'
import { withStorage } from '../storage/open-storage.ts'
import { addPlaceOptions, placeOf } from '../storage/place.ts'
import type { PlaceOptions } from '../storage/place.ts'
import { publishBundle } from '../storage/publish.ts'
import { readBundle } from '../storage/read-bundle.ts'
import type { ReadBundle } from '../storage/read-bundle.ts'
import { readRoleState } from '../storage/roles.ts'
import { dataOption, dataPathOf } from '../terminal/data-option.ts'
import { CommandError } from '../terminal/failure.ts'
import { createMonitor } from '../terminal/monitor.ts'
import { parseCount, parseSeed } from '../terminal/numbers.ts'
import { sayPlainly } from '../terminal/progress.ts'

interface Options extends PlaceOptions {
  readonly data: readonly string[]
  readonly champion?: string
  readonly challenger?: string
  readonly force?: string
  readonly publish?: true
  readonly seed: number
  readonly examples?: number
  readonly skipBadRows?: true
  readonly json?: true
}

/** Stands for the champion where there is none. */
const NONE = 'none'

export function addGate(program: Command): void {
  const command = program
    .command('gate')
    .description('compare a challenger with the champion on the latest moments; ends with 1 unless it wins')
    .argument('<project>', PROJECT_HELP)
    .addOption(dataOption('file or folder').makeOptionMandatory())
    .option('--challenger <bundle>', 'its id or folder; the one trained last unless told')
    .option(
      '--champion <bundle>',
      `its id or folder, or '${NONE}' for the prior; the one that answers unless told`,
    )
    .option('--publish', 'let the challenger answer if it wins, with the verdict as its note')
    .option('--force <why>', 'promote it whatever is found, and keep the reason in the verdict')
    .option('--seed <number>', 'of everything that is drawn', parseSeed, 1)
    .option('--examples <number>', 'to learn from where a rehearsal is run again, about', parseCount)
    .option('--skip-bad-rows', 'leave bad rows out')
    .option('--json', 'end with one line of JSON')
  addPlaceOptions(command).action(gateCommand)
}

async function gateCommand(name: string, options: Options): Promise<void> {
  const { project } = await loadProject(name)
  const { challenger: named, force } = options
  if (force !== undefined && force.trim() === '') throw new CommandError('--force needs a reason')
  const challenger = await readBundle(
    named === undefined ? findBundle(project.name) : findBundleOf(project.name, named),
  )
  const champion = await readChampion(project, options)
  if (champion?.checked.id === challenger.checked.id)
    throw new CommandError(
      `Bundle ${challenger.checked.id} is the champion itself: train another, or name one by --challenger`,
    )
  const { describeGateFault, describeVerdict, headline } =
    await import('../../training/gate/describe-verdict.ts')
  const judged = await judgeOn(project, { challenger, champion, options })
  if (!judged.ok) throw new CommandError(describeGateFault(judged.reason))
  const verdict = judged.value
  if (options.publish === true && verdict.outcome === 'promote') {
    const note = headline(verdict)
    await withStorage(placeOf(project.name, options), options, (storage) =>
      publishBundle(challenger.checked, { storage, nowMs: Date.now(), note }),
    )
  }
  const bundles = { challenger: challenger.checked.id, champion: champion?.checked.id ?? null }
  if (options.json) console.log(JSON.stringify({ project: project.name, bundles, verdict }))
  else for (const line of describeVerdict(verdict)) console.log(line)
  if (verdict.outcome !== 'promote') process.exitCode = 1
}

interface Gate {
  readonly challenger: ReadBundle
  readonly champion: ReadBundle | undefined
  readonly options: Options
}

async function judgeOn(project: Project, { challenger, champion, options }: Gate) {
  const { judgeChallenger } = await import('../../training/gate/judge-challenger.ts')
  const { examplesFor } = await import('../../training/moments/plan.ts')
  const { seed, examples, force } = options
  const data = await openData({
    project,
    path: dataPathOf(options.data),
    skipBadRows: options.skipBadRows === true,
    say: sayPlainly,
  })
  try {
    return await judgeChallenger({
      project,
      data,
      champion: champion?.bundle,
      challenger: challenger.bundle,
      seed,
      examples: examples === undefined ? undefined : examplesFor(examples),
      force,
      monitor: createMonitor(),
    })
  } finally {
    data.close()
  }
}

/** The bundle that answers, or the one that is named; undefined where none does. */
async function readChampion(project: Project, options: Options): Promise<ReadBundle | undefined> {
  const { champion: named } = options
  if (named === NONE) return undefined
  if (named !== undefined) return readBundle(findBundleOf(project.name, named))
  const state = await withStorage(placeOf(project.name, options), options, readRoleState)
  const open = openDeployment(state, 'champion')
  return open === undefined ? undefined : readBundle(findBundleOf(project.name, open.bundleId))
}
