// SQL for the members of JSON objects.
import { quoteText } from '../database.ts'

/** A member of a JSON object as text, whatever characters are in its name; null where there is none. */
export function memberOf(json: string, name: string): string {
  return `json_extract_string(${json}, ${quoteText(`/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`)})`
}
