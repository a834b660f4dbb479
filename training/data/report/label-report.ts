// Counts what rows say came true of each label task: how many know it, and how often each class.
import { labelTasksOf } from '../../../features/project.ts'
import type { Project } from '../../../features/project.ts'
import { quoteName, quoteText } from '../database.ts'
import type { Database } from '../database.ts'

export interface LabelReport {
  readonly task: string
  /** Of every declared class, in its order, how many rows say so. */
  readonly classes: readonly { readonly name: string; readonly rows: number }[]
}

/** @param rows SQL that selects `labels`, as labelCells makes them */
export async function reportLabels(
  database: Database,
  { project, rows }: { readonly project: Project; readonly rows: string },
): Promise<LabelReport[]> {
  const tasks = labelTasksOf(project)
  if (tasks.length === 0) return []
  const shape = quoteText(JSON.stringify(Object.fromEntries(tasks.map(([name]) => [name, 'VARCHAR']))))
  const told = `(select json_transform(labels, ${shape}) as said from (${rows}))`
  const reports: LabelReport[] = []
  for (const [task, { values }] of tasks) {
    const said = `said.${quoteName(task)}`
    const found = await database.all(
      `select ${said}, count(*)::double from ${told} where ${said} is not null group by 1`,
    )
    const counts = new Map(found.map(([value, count]) => [String(value), Number(count)]))
    reports.push({ task, classes: values.map((name) => ({ name, rows: counts.get(name) ?? 0 })) })
  }
  return reports
}
