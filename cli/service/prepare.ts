// Makes what a local service answers from: trains, imports and publishes into a set of data, unless an
// earlier start did so from the same. A new set becomes the current one when it is whole, and not before.
import { existsSync, rmSync } from 'node:fs'
import type { Project } from '../../features/project.ts'
import { startTraining } from '../processes/train.ts'
import type { Training } from '../processes/train.ts'
import { describeConflicts } from '../storage/import.ts'
import type { Example } from '../storage/import.ts'
import { importNoted } from '../storage/import-noted.ts'
import { createKey } from '../storage/keys.ts'
import { openData, rowCountOf } from '../storage/open-data.ts'
import { openStorage } from '../storage/open-storage.ts'
import { OWN_NAME } from '../storage/own-rows.ts'
import { pointTo, projectPaths, rootFolder } from '../storage/paths.ts'
import { openBundle, publishBundle } from '../storage/publish.ts'
import { makeSet, setsFrom } from '../storage/sets.ts'
import type { DataSetFolder, StampedSet } from '../storage/sets.ts'
import { fingerprintOf, stateOfData, writeStamp } from '../storage/stamp.ts'
import type { Stamp } from '../storage/stamp.ts'
import type { Storage } from '../storage/storage.ts'
import { onInterrupt } from '../terminal/failure.ts'
import { nameOfData } from '../../training/data/files/data-path.ts'
import type { DataPath } from '../../training/data/files/data-path.ts'
import { createProgress, plainStderr, sayPlainly } from '../terminal/progress.ts'
import type { DataSet } from '../../training/data/data-set.ts'

export interface Preparation {
  readonly project: Project
  /** The absolute path of its declaration. */
  readonly file: string
  readonly path: DataPath
  /** Simulated again, the same users are others: they get a set of their own. */
  readonly isSimulated: boolean
  readonly family: string
  readonly minutes?: number | undefined
  readonly seed: number
  readonly skipBadRows: boolean
  /** Make a set anew, and remove those made from the same path once it is whole. */
  readonly fresh: boolean
  readonly say: (line: string) => void
}

export interface Prepared {
  readonly state: string
  readonly stamp: Stamp
}

/** Throws CommandError where the data or the training are refused; then the current set is as it was. */
export async function prepareSet(preparation: Preparation): Promise<Prepared> {
  const { project, path, isSimulated, family, minutes, seed, skipBadRows, fresh, say } = preparation
  const source = nameOfData(path)
  const before = setsFrom(project.name, source)
  const usable = fresh ? undefined : before.find((set) => !isSimulated || isFrom(set, { project, path }))
  const fingerprint = await fingerprintOf({
    project,
    path,
    family,
    minutes,
    seed,
    skipBadRows,
    root: rootFolder,
  })
  if (
    usable !== undefined &&
    usable.stamp.fingerprint === fingerprint &&
    [usable.stamp.bundleFolder, usable.state].every(existsSync)
  ) {
    say('nothing changed since the last start: nothing is trained or imported (--fresh does all again)')
    pointTo(project.name, usable.name)
    return usable
  }
  // Opened first: its faults are the clearest, and they also say that there is no such file.
  const data = await openData({ project, path, skipBadRows, say: sayPlainly })
  try {
    const made = usable === undefined ? makeSet(project.name, source) : undefined
    const set = made ?? (usable as StampedSet)
    const filled = await fillSet(set, { ...preparation, data })
    const stamp = { source, data: stateOfData(project, path), fingerprint, ...filled }
    writeStamp(set.folder, stamp)
    made?.finish()
    pointTo(project.name, set.name)
    for (const { folder } of fresh ? before : []) rmSync(folder, { recursive: true, force: true })
    return { state: set.state, stamp }
  } finally {
    data.close()
  }
}

function isFrom({ stamp }: StampedSet, { project, path }: Pick<Preparation, 'project' | 'path'>): boolean {
  return stamp.data === stateOfData(project, path)
}

/** Imports while the model is trained, then publishes it and makes a key. */
async function fillSet(
  set: DataSetFolder,
  {
    project,
    file,
    path,
    family,
    minutes,
    seed,
    skipBadRows,
    data,
    say,
  }: Preparation & { readonly data: DataSet },
): Promise<Pick<Stamp, 'bundleFolder' | 'example' | 'key' | 'trainerKey'>> {
  const bundlesFolder = projectPaths(project.name).bundles
  const training = startTraining({
    projectFile: file,
    path,
    skipBadRows,
    family,
    minutes,
    seed,
    bundlesFolder,
  })
  const release = onInterrupt(() => training.stop())
  let storage: Storage | undefined
  try {
    storage = await openStorage({ kind: 'local', state: set.state })
    const example = await importBeside(training, { set, data, storage, say })
    const bundleFolder = await training.folder
    const bundle = await openBundle(bundleFolder)
    await publishBundle(bundle, { storage, nowMs: Date.now(), note: OWN_NAME })
    say(`published bundle ${bundle.id}`)
    const scopes = ['ingest', 'predict'] as const
    const own = { storage, nowMs: Date.now(), name: OWN_NAME }
    const { key } = await createKey({ ...own, scopes })
    const { key: trainerKey } = await createKey({ ...own, scopes: ['admin'] })
    return { bundleFolder, example, key, trainerKey }
  } finally {
    await training.stop()
    await storage?.close()
    release()
  }
}

interface Import {
  readonly set: DataSetFolder
  readonly data: DataSet
  readonly storage: Storage
  readonly say: (line: string) => void
}

/** Ends early, with the reason, when the training is refused. */
async function importBeside(training: Training, { set, data, storage, say }: Import): Promise<Example> {
  let refusal: Error | undefined
  training.folder.catch((error: Error) => {
    refusal = error
  })
  const work = { label: 'import', total: rowCountOf(data), unit: 'rows' }
  const progress = createProgress({ ...work, stream: plainStderr })
  const { example, known } = await importNoted(set.folder, {
    data,
    storage,
    nowMs: Date.now(),
    onProgress: (count) => {
      if (refusal !== undefined) throw refusal
      progress.advance(count)
    },
  })
  progress.done()
  if (known.conflicting > 0) say(describeConflicts(known.conflicting))
  return example
}
