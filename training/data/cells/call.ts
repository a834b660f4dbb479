import { quoteText } from '../database.ts'
import type { FunctionName } from './functions.ts'

/** SQL of one of the registered functions of a text, null where that is null. */
export function call(name: FunctionName, text: string, setting = ''): string {
  return `presage_${name}(${text}, ${quoteText(setting)})`
}
