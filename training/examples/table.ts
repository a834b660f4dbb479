// Examples from a table: a labelled row is a user without a history.
import { createEncoder, inputSpecs } from '../../features/encode.ts'
import type { Features } from '../../features/manifest.ts'
import type { Project } from '../../features/project.ts'
import { classesOf } from '../../features/target.ts'
import type { LabelledRow } from '../data/data-set.ts'
import { createExampleCollector } from './example-set.ts'
import type { ExampleSet } from './example-set.ts'
import { createFeatureLearner } from './learn-features.ts'

/** Learns features from these rows, which must be the train part alone. */
export function learnTableFeatures(project: Project, rows: readonly LabelledRow[]): Features {
  const learner = createFeatureLearner(project, new Map())
  for (const row of rows) learner.seeUser(row.attributes, [])
  return learner.learn()
}

/** One example a row, in the order of the rows. */
export function encodeRows(
  project: Project,
  { features, rows }: { readonly features: Features; readonly rows: readonly LabelledRow[] },
): ExampleSet {
  const encode = createEncoder(features)
  const tasks = Object.entries(project.tasks).map(([name, task]) => ({
    name,
    classes: classesOf(project, task),
  }))
  const collector = createExampleCollector(inputSpecs(features), Object.keys(project.tasks))
  for (const row of rows) {
    collector.add({
      encoded: encode({ history: [], attributes: row.attributes, items: new Map(), at: 0 }),
      targets: Object.fromEntries(
        tasks.map(({ name, classes }) => [name, classOrNull(classes, row.labels[name])]),
      ),
      userId: row.id,
      atMs: 0,
    })
  }
  return collector.finish()
}

/** The class of each row for one label task. */
export function labelIndices(
  project: Project,
  { task, rows }: { readonly task: string; readonly rows: readonly LabelledRow[] },
): Int32Array {
  const declared = project.tasks[task]
  const classes = declared === undefined ? [] : classesOf(project, declared)
  return Int32Array.from(rows, (row) => classes.indexOf(row.labels[task] ?? ''))
}

function classOrNull(classes: readonly string[], value: string | undefined): number | null {
  const index = value === undefined ? -1 : classes.indexOf(value)
  return index < 0 ? null : index
}
