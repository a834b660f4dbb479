// A label as a task.
import type { Label } from '../../training/inspect/shape.ts'
import { literalOf, taskWord } from './typescript-text.ts'

const WIDTH_MAX = 80

export function labelTask({ column, values }: Label): { readonly name: string; readonly call: string } {
  const list = values.map(literalOf)
  const line = `label([${list.join(', ')}])`
  const broken = `label([\n${list.map((value) => `      ${value},\n`).join('')}    ])`
  return { name: taskWord(column.name), call: line.length <= WIDTH_MAX ? line : broken }
}
