// npm start: from data, or none, to a service that answers, and proof that it does.
import { existsSync, rmSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import type { Project } from '../../features/project.ts'
import { createKey } from '../storage/keys.ts'
import { findProject, onInterrupt } from '../terminal/failure.ts'
import { assertFamily, FAMILY_DEFAULT, FAMILY_HELP } from '../terminal/family.ts'
import { importData } from '../storage/import-data.ts'
import type { Example } from '../storage/import-data.ts'
import { parseCount, parseSeed } from '../terminal/numbers.ts'
import { openData, rowCountOf } from '../storage/open-data.ts'
import { projectPaths, rootFolder } from '../storage/paths.ts'
import { createProgress, plainStderr } from '../terminal/progress.ts'
import { publishBundle } from '../storage/publish-bundle.ts'
import { assertPortFree, serve } from '../service/serve.ts'
import type { Server } from '../service/serve.ts'
import { curlOf, predict } from '../service/client.ts'
import { showEffect } from '../service/effect.ts'
import { writeSimulation } from '../storage/simulate-data.ts'
import { fingerprintOf, forgetOtherData, readStamp, writeStamp } from '../storage/stamp.ts'
import type { Stamp } from '../storage/stamp.ts'
import { openStorage } from '../storage/open-storage.ts'
import type { Storage } from '../storage/storage.ts'
import { startTraining } from '../processes/train.ts'

interface Options {
  readonly project: string
  readonly data?: string
  readonly port: number
  readonly family: string
  readonly seed: number
  readonly fresh?: true
  readonly skipBadRows?: true
}

const HOUR_MS = 3_600_000

export function addStart(program: Command): void {
  program
    .command('start')
    .description('simulate (or read --data), train, import, publish and serve a project locally')
    .option('--project <name>', 'name of the project', 'shop')
    .option('--data <path>', 'file or folder; simulated where absent')
    .option('--port <number>', 'where to listen', parseCount, 8787)
    .option('--family <name>', FAMILY_HELP, FAMILY_DEFAULT)
    .option('--seed <number>', 'of the training, and of the simulation where there is none yet', parseSeed, 1)
    .option('--skip-bad-rows', 'leave bad rows out')
    .option('--fresh', 'forget what an earlier start made')
    .action(start)
}

async function start(options: Options): Promise<void> {
  const startMs = performance.now()
  const say = (line: string): void => {
    process.stderr.write(`[${((performance.now() - startMs) / 1000).toFixed(1)} s] ${line}\n`)
  }
  const project = findProject(options.project)
  // What is refused is refused before the minutes that the rest may take.
  await assertFamily(options.family)
  await assertPortFree(options.port)
  const paths = projectPaths(project.name)
  if (options.fresh) rmSync(paths.folder, { recursive: true, force: true })
  const path = options.data === undefined ? paths.data : resolve(options.data)
  if (options.data === undefined && !existsSync(path)) {
    say(`simulating ${project.name}`)
    const endMs = Math.floor(Date.now() / HOUR_MS) * HOUR_MS
    const { events, users } = await writeSimulation({
      project: project.name,
      seed: options.seed,
      endMs,
      folder: path,
    })
    say(`simulated ${events} events of ${users} users`)
  }
  const stamp = await prepare({ project, path, options, say })
  say('starting the service')
  const server = await serve({ project: project.name, port: options.port })
  try {
    await prove(server, { project, stamp, say })
    await server.ended
  } finally {
    await server.stop()
  }
}

interface Preparation {
  readonly project: Project
  readonly path: string
  readonly options: Options
  readonly say: (line: string) => void
}

/** Trains, imports and publishes, unless an earlier start did so from the same. */
async function prepare({ project, path, options, say }: Preparation): Promise<Stamp> {
  const paths = projectPaths(project.name)
  const { family, seed } = options
  const skipBadRows = options.skipBadRows === true
  // Opened first: its faults are the clearest, and they also say that there is no such file.
  const known = readStamp(paths.folder)
  const fingerprint = existsSync(path)
    ? await fingerprintOf({ project, path, family, seed, skipBadRows, root: rootFolder })
    : undefined
  if (
    known !== undefined &&
    known.fingerprint === fingerprint &&
    [known.bundleFolder, paths.state].every(existsSync)
  ) {
    say('nothing changed since the last start: nothing is trained or imported (--fresh does all again)')
    return known
  }
  const data = await openData({ project, path, skipBadRows })
  const training = startTraining({
    project: project.name,
    path,
    skipBadRows,
    family,
    seed,
    bundlesFolder: paths.bundles,
  })
  const release = onInterrupt(() => training.stop())
  let refusal: Error | undefined
  training.folder.catch((error: Error) => {
    refusal = error
  })
  let storage: Storage | undefined
  try {
    if (forgetOtherData(paths.state, path)) say('other data than before: the local database is made anew')
    storage = await openStorage({ kind: 'local', state: paths.state })
    const nowMs = Date.now()
    const work = { label: 'import', total: rowCountOf(data), unit: 'rows' }
    const progress = createProgress({ ...work, stream: plainStderr })
    const { example } = await importData({
      data,
      storage,
      nowMs,
      onProgress: (count) => {
        if (refusal !== undefined) throw refusal
        progress.advance(count)
      },
    })
    progress.done()
    const bundleFolder = await training.folder
    const id = await publishBundle({
      project: project.name,
      folder: bundleFolder,
      storage,
      nowMs: Date.now(),
    })
    say(`published bundle ${id}`)
    const { key } = await createKey({ scopes: ['ingest', 'predict'], storage, nowMs })
    const stamp = { fingerprint: fingerprint ?? '', bundleFolder, example, key }
    writeStamp(paths.folder, stamp)
    return stamp
  } finally {
    training.stop()
    data.close()
    await storage?.close()
    release()
  }
}

interface Proof {
  readonly project: Project
  readonly stamp: { readonly example: Example; readonly key: string }
  readonly say: (line: string) => void
}

/** Asks the service, prints how anyone may, and shows that what is posted counts. */
async function prove(server: Server, { project, stamp, say }: Proof): Promise<void> {
  const service = { url: server.url, key: stamp.key }
  const question = { userId: stamp.example.userId }
  const first = await predict(service, question)
  say(`first prediction: ${JSON.stringify(first.answers)}`)
  const { change, task, before, after } = await showEffect(service, { project, example: stamp.example })
  console.log(`${change}: ${task} was ${before}, is ${after}`)
  console.log(curlOf(service, question))
}
