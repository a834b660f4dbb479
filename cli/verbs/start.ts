// npm start: from data, or none, to a service that answers, and proof that it does.
import { existsSync } from 'node:fs'
import type { Command } from 'commander'
import { noteBegun, projectsBegunFrom } from '../projects/begun-from.ts'
import { initProject } from '../projects/init-project.ts'
import { loadProject } from '../projects/load-project.ts'
import { PROJECT_HELP, shownPath } from '../projects/project-file.ts'
import type { Project } from '../../features/project.ts'
import { curlOf, predict } from '../service/client.ts'
import { showEffect } from '../service/effect.ts'
import { prepareSet } from '../service/prepare.ts'
import { runTwin } from '../service/twin.ts'
import { assertPortFree, serve } from '../service/serve.ts'
import type { Server } from '../service/serve.ts'
import { assertCheckoutWritable } from '../storage/home.ts'
import { projectPaths } from '../storage/paths.ts'
import { assertNothingLost, removeUnfinished, setsFrom } from '../storage/sets.ts'
import { writeSimulation } from '../storage/simulate-data.ts'
import type { Stamp } from '../storage/stamp.ts'
import { absolutePath, namedPathsOf, nameOfData, pathsIn } from '../../training/data/files/data-path.ts'
import { CommandError } from '../terminal/failure.ts'
import { dataOption, dataPathOf } from '../terminal/data-option.ts'
import { addFamilyOptions, assertFamily, chooseFamily } from '../terminal/family.ts'
import type { FamilyOptions } from '../terminal/family.ts'
import { parseCount, parseSeed } from '../terminal/numbers.ts'
import { shellWord } from '../terminal/shell-word.ts'

/** Enough for a first model that answers within the minute; `presage train` takes the time for a better one. */
const MINUTES = 0.75

interface Options extends FamilyOptions {
  readonly project?: string
  readonly data?: readonly string[]
  readonly port: number
  readonly seed: number
  readonly fresh?: true
  readonly force?: true
  readonly skipBadRows?: true
}

export function addStart(program: Command): void {
  const command = program
    .command('start')
    .description('simulate (or read --data), train, import, publish and serve a project locally')
    .option('--project <project>', `${PROJECT_HELP}; shop where absent, with --data the one written for them`)
    .addOption(dataOption('file or folder; simulated where absent'))
    .option('--port <number>', 'where to listen', parseCount, 8787)
    .option('--seed <number>', 'of the training, and of the simulation where there is none yet', parseSeed, 1)
    .option('--skip-bad-rows', 'leave bad rows out')
    .option('--fresh', 'make all of it anew, then forget what earlier starts made from the same data')
    .option('--force', 'with --fresh: also where events, profiles or keys are lost that came since')
  addFamilyOptions(command).action(start)
}

async function start(options: Options): Promise<void> {
  const startMs = performance.now()
  const say = (line: string): void => {
    process.stderr.write(`[${((performance.now() - startMs) / 1000).toFixed(1)} s] ${line}\n`)
  }
  // What is refused is refused before the minutes that the rest may take.
  if (options.family !== undefined) await assertFamily(options.family)
  const named = options.project === undefined ? undefined : await loadProject(options.project)
  await assertPortFree(options.port)
  assertCheckoutWritable()
  const { project, file } = named ?? (await loadProject(await projectForData(options.data)))
  const family = await chooseFamily(project, options.family)
  removeUnfinished(project.name)
  const simulated = projectPaths(project.name).data
  const path = options.data === undefined ? simulated : absolutePath(dataPathOf(options.data))
  if (options.fresh && !options.force) await assertNothingLost(setsFrom(project.name, nameOfData(path)))
  if (options.data === undefined && (options.fresh || !existsSync(simulated))) {
    await simulate({ project, seed: options.seed, path: simulated, say })
  }
  const { minutes = MINUTES, seed } = options
  const { state, stamp } = await prepareSet({
    project,
    file,
    path,
    isSimulated: options.data === undefined,
    family,
    minutes,
    seed,
    skipBadRows: options.skipBadRows === true,
    fresh: options.fresh === true,
    say,
  })
  say('starting the service')
  const server = await serve({ project: project.name, file, state, port: options.port })
  try {
    await Promise.race([prove(server, { project, stamp, say }), server.ended])
    const { trainerKey } = stamp
    if (trainerKey === undefined)
      say('no trainer beside the service: this set is older than trainers (--fresh)')
    else {
      const service = { url: server.url, key: trainerKey }
      // Who tries it out here need not wait for days.
      const rollout = { kind: 'at once' } as const
      void runTwin({ project, file, service, rollout, family, minutes, seed, say })
    }
    await server.ended
  } finally {
    await server.stop()
  }
}

/** The project that was written for the data; where there is none, one is written. */
async function projectForData(args: readonly string[] | undefined): Promise<string> {
  if (args === undefined) return 'shop'
  const path = absolutePath(dataPathOf(args))
  const [found, ...others] = projectsBegunFrom(nameOfData(path))
  if (others.length > 0) {
    const names = [found, ...others].map((file) => `--project ${shellWord(shownPath(file ?? ''))}`)
    throw new CommandError(`Several projects were written for these data: give ${names.join(' or ')}`)
  }
  if (found !== undefined) return found
  const { named } = namedPathsOf(path)
  const made = await initProject(pathsIn(path), { yes: !process.stdin.isTTY, holds: named })
  noteBegun(made, nameOfData(path))
  return made.file
}

interface Simulation {
  readonly project: Project
  readonly seed: number
  readonly path: string
  readonly say: (line: string) => void
}

async function simulate({ project, seed, path, say }: Simulation): Promise<void> {
  say(`simulating ${project.name}`)
  const { events, users } = await writeSimulation({
    project: project.name,
    seed,
    nowMs: Date.now(),
    folder: path,
  })
  say(`simulated ${events} events of ${users} users`)
}

interface Proof {
  readonly project: Project
  readonly stamp: Pick<Stamp, 'example' | 'key'>
  readonly say: (line: string) => void
}

/** Asks the service, prints how anyone may, and shows that what is posted counts. */
async function prove(server: Server, { project, stamp, say }: Proof): Promise<void> {
  const service = { url: server.url, key: stamp.key }
  const question = { userId: stamp.example.userId }
  const first = await predict(service, question)
  say(`first prediction: ${JSON.stringify(first.answers)}`)
  const effect = await showEffect(service, { project, example: stamp.example })
  if (effect === undefined)
    say('the prior answers every task: what is posted changes no answer of this bundle')
  else console.log(`${effect.change}: ${effect.task} was ${effect.before}, is ${effect.after}`)
  console.log(curlOf(service, question))
}
