// SQL for the cells that say what came true of label tasks. A missing cell is a label that is not known.
import { labelTasksOf } from '../../../features/project.ts'
import type { LabelTask, Project } from '../../../features/project.ts'
import { spellCategory } from '../../../features/spelling.ts'
import type { Cells, Expressions } from './cells.ts'
import { quoteName, quoteText } from '../database.ts'
import type { Check } from './row-checks.ts'

export interface LabelCells {
  /** Names of the label tasks. */
  readonly names: readonly string[]
  /** SQL of a JSON object with every label, null where it is not known. */
  readonly json: string
  /** SQL: whether at least one is known. */
  readonly isLabelled: string
  readonly checks: readonly Check[]
}

/** An expression for every label task; one that the mapping does not name is the column of its own name. */
export function labelExpressions(project: Project, mapping: Expressions = {}): Expressions {
  return Object.fromEntries(labelTasksOf(project).map(([name]) => [name, mapping[name] ?? quoteName(name)]))
}

/** @param mapping of every label task */
export function labelCells(
  cells: Cells,
  { project, mapping }: { readonly project: Project; readonly mapping: Expressions },
): LabelCells {
  const labels = labelTasksOf(project).map(([name, task]) => ({
    name,
    task,
    expression: mapping[name] ?? 'null',
  }))
  const texts = labels.map(({ task, expression }) => labelOf(cells, { task, expression }))
  const pairs = labels.map(({ name }, index) => `${quoteText(name)}, ${texts[index] ?? 'null'}`)
  return {
    names: labels.map(({ name }) => name),
    json: `json_object(${pairs.join(', ')})::varchar`,
    isLabelled: `(coalesce(${[...texts, 'null'].join(', ')}) is not null)`,
    checks: labels.map(({ name, task }, index) => valueCheck(name, { task, found: texts[index] ?? 'null' })),
  }
}

/** One of the declared values, however a cell spells it and whatever else it could mean; else what is there. */
function labelOf(
  { spelledOf, categoryOf }: Cells,
  { task, expression }: { readonly task: LabelTask; readonly expression: string },
): string {
  const declared = task.values.map(
    (value) => `when ${quoteText(spellCategory(value))} then ${quoteText(value)}`,
  )
  return `coalesce(case ${spelledOf(expression)} ${declared.join(' ')} end, ${categoryOf(expression)})`
}

/** The labels that are known, of the JSON that the cells gave; none of a row that is to be served alone. */
export function parseLabels(json: unknown): Record<string, string> {
  const entries = Object.entries(JSON.parse(String(json)) as Record<string, string | null>)
  return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== null))
}

function valueCheck(
  field: string,
  { task, found }: { readonly task: LabelTask; readonly found: string },
): Check {
  const values = task.values.map(quoteText).join(', ')
  return { field, expected: `one of ${task.values.join(', ')}`, bad: `${found} not in (${values})`, found }
}
