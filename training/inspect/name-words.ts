// What the name of a column hints at. A name is taken apart into words in lower case, whatever its spelling:
// 'CustomerID', 'customer_id' and 'customer id' are the same two words.
import { englishOf } from './foreign-words.ts'
import {
  USER_WORDS,
  ITEM_WORDS,
  ROW_WORDS,
  PLACE_WORDS,
  ID_WORDS,
  TIME_WORDS,
  LENGTH_WORDS,
  LABEL_WORDS,
  VALUE_WORDS,
  TYPE_WORDS,
  CATEGORY_WORDS,
  AFTERWARDS_WORDS,
  LATER_WORDS,
  DEGREE_WORDS,
} from './word-lists.ts'

/** The words of a name: 'fullVisitorId' is full, visitor, id. */
export function wordsOf(name: string): string[] {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\d]+/u)
    .flatMap((word) => COMPOUNDS.get(word) ?? englishOf(word))
    .filter((word) => word !== '')
}

/** Words that are often written together. */
const COMPOUNDS = new Map(
  [
    'user',
    'customer',
    'client',
    'visitor',
    'session',
    'member',
    'account',
    'item',
    'product',
    'movie',
    'event',
    'order',
  ]
    .flatMap((word): [string, string[]][] => [[`${word}id`, [word, 'id']]])
    .concat([
      ['userid', ['user', 'id']],
      ['uid', ['user', 'id']],
      ['custid', ['customer', 'id']],
      ['datetime', ['date', 'time']],
      ['eventtype', ['event', 'type']],
      ['eventtime', ['event', 'time']],
      ['finalresult', ['final', 'result']],
      ['lineitem', ['line', 'item']],
      ['username', ['user', 'name']],
    ]),
)

export type NameHint = 'user' | 'item' | 'label' | 'value' | 'type'

const TIERS: Readonly<Record<NameHint, readonly (readonly string[])[]>> = {
  user: USER_WORDS,
  item: ITEM_WORDS,
  label: LABEL_WORDS,
  value: VALUE_WORDS,
  type: TYPE_WORDS,
}

/** How surely a name hints at a role: 1 for the surest words, less for others, 0 for none. */
export function hintOf(name: string, hint: NameHint): number {
  const words = wordsOf(name)
  const tiers = TIERS[hint]
  const tier = tiers.findIndex((own) =>
    words.some((word) => own.includes(word) || own.includes(singularOf(word))),
  )
  return tier < 0 ? 0 : 1 - tier / (tiers.length + 1)
}

function has(list: readonly string[]): (name: string) => boolean {
  return (name) => wordsOf(name).some((word) => list.includes(word))
}

export const saysId = has(ID_WORDS.filter((word) => word !== 'code'))
export const saysRow = has(ROW_WORDS)
export const saysCategory = has(CATEGORY_WORDS)
/** Whether it names a way to reach somebody, which is nothing that people choose. */
export const saysReach = has(['ip', 'address', 'phone', 'mobile', 'fax', 'email', 'mail', 'agent'])
export const saysLater = has(LATER_WORDS)
export const saysPlace = has(PLACE_WORDS)
export const saysAfterwards = has(AFTERWARDS_WORDS)

/** Whether a name says that something was done: renewed, is upgraded. */
export function saysDone(name: string): boolean {
  return /(?:[^e]ed|bought|paid|left|sold|won|lost)$/.test(wordsOf(name).at(-1) ?? '')
}

/** Whether a name says that numbers under it are moments, and not lengths of time. */
export function saysTime(name: string): boolean {
  return has(TIME_WORDS)(name) && !has(LENGTH_WORDS)(name)
}

/** Whether a time is since when a row of attributes holds. */
export const saysVersion = has([
  'known',
  'valid',
  'effective',
  'updated',
  'modified',
  'changed',
  'since',
  'from',
  'snapshot',
  'version',
])

/** Whether a time is the moment that a label is about. */
export function saysAsked(name: string): boolean {
  const words = wordsOf(name)
  const isBare = /^(at|date|day|when|time|timestamp|ts|moment)$/i.test(name)
  return (
    isBare || ['as', 'asked', 'cutoff', 'snapshot', 'observed', 'label', 'labelled'].includes(words[0] ?? '')
  )
}

/** Whether it says so in whole days. */
export const saysDay = has(['date', 'day'])

/** Without the s of a plural. */
export function singularOf(word: string): string {
  if (/(?:^|[sui])s$/.test(word)) return word
  return word.replace(/ies$/, 'y').replace(/s$/, '')
}

/**
 * Whether a name says something that a team is after: a purchase, an order, a registration. Neither a change of
 * the sort order nor a bookmark is one.
 */
export function saysGoal(name: string): boolean {
  return /\b(?:purchas|buy|bought|(?<!sort )order|pay(?!load)|check ?out|transact|conver(?:t|sion)|subscri|click ?out|sign ?up|regist|complet|book(?!mark)|deposit|take)/.test(
    wordsOf(name).join(' '),
  )
}

/** Whether numbers under a name are degrees, which nobody adds up: a rating, a grade, a temperature. */
export const saysDegree = has(DEGREE_WORDS)

/** A name as an identifier of TypeScript: 'Call  Failure' is callFailure. */
export function identifierOf(name: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name
  const words = name
    .replaceAll('ß', 'ss')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .split(/[^A-Za-z\d]+/)
    .filter((word) => word !== '')
  const [first = 'column', ...rest] = words
  const joined = [
    /^[A-Z]+$/.test(first) ? first.toLowerCase() : first.charAt(0).toLowerCase() + first.slice(1),
    ...rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)),
  ].join('')
  return /^\d/.test(joined) ? `n${joined}` : joined
}
