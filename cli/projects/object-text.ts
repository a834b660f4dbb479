// Where the members of an object stand in the text of a TypeScript file: just enough of the language to skip
// texts, comments and brackets. What it does not know for sure it says it does not.
import { fail, succeed } from '../../features/result.ts'
import type { Result } from '../../features/result.ts'

export interface Member {
  readonly name: string
  readonly start: number
  /** Absent in the short form `name,`. */
  readonly valueStart?: number
  /** After its last character; before a comma. */
  readonly end: number
  /** Whether a comma follows. */
  readonly hasComma: boolean
}

export interface ObjectText {
  readonly members: readonly Member[]
  /** Of its closing brace. */
  readonly end: number
}

/** Members of the object that is the first argument of the one call of a function. */
export function argumentOf(text: string, called: string): Result<ObjectText, string> {
  const found: number[] = []
  try {
    for (let at = 0; at < text.length;) {
      const next = afterToken(text, at)
      if (text.slice(at, next) === called) {
        const open = afterBlank(text, next)
        const object = afterBlank(text, open + 1)
        if (text[open] === '(' && text[object] === '{') found.push(object)
        else if (text[open] === '(') return fail(`what ${called} is called with is not written there`)
      }
      at = next
    }
    const [start] = found
    if (start === undefined) return fail(`no call of ${called} was found`)
    if (found.length > 1) return fail(`${called} is called ${found.length} times`)
    return succeed(readObject(text, start))
  } catch (error) {
    if (error instanceof Unreadable) return fail(error.message)
    throw error
  }
}

class Unreadable extends Error {}

function readObject(text: string, open: number): ObjectText {
  const members: Member[] = []
  for (let at = afterBlank(text, open + 1); text[at] !== '}';) {
    if (at >= text.length) throw new Unreadable('a brace is not closed')
    if (text.startsWith('...', at)) {
      at = afterMember(text, at).next
      continue
    }
    const nameEnd = afterToken(text, at)
    const colon = afterBlank(text, nameEnd)
    const { end, next, hasComma } = afterMember(text, at)
    const name = text.slice(at, nameEnd).replace(/^(['"])(.*)\1$/s, '$2')
    const valueStart = text[colon] === ':' ? afterBlank(text, colon + 1) : undefined
    members.push({ name, start: at, end, hasComma, ...(valueStart !== undefined && { valueStart }) })
    at = next
  }
  return { members, end: afterMembers(text, open) }
}

function afterMembers(text: string, open: number): number {
  return afterBrackets(text, open) - 1
}

/** Its end, and where the next member or the closing brace stands. */
function afterMember(
  text: string,
  start: number,
): { readonly end: number; readonly next: number; readonly hasComma: boolean } {
  let end = start
  for (let at = start; at < text.length;) {
    if (text[at] === ',') return { end, next: afterBlank(text, at + 1), hasComma: true }
    if (text[at] === '}') return { end, next: at, hasComma: false }
    end = isOpen(text[at]) ? afterBrackets(text, at) : afterToken(text, at)
    at = afterBlank(text, end)
  }
  throw new Unreadable('a brace is not closed')
}

function isOpen(letter: string | undefined): boolean {
  return letter === '(' || letter === '[' || letter === '{'
}

function afterBrackets(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at = afterToken(text, at)) {
    if (isOpen(text[at])) depth += 1
    if (text[at] === ')' || text[at] === ']' || text[at] === '}') depth -= 1
    if (depth === 0) return at + 1
  }
  throw new Unreadable('a bracket is not closed')
}

/** After blanks and comments. */
export function afterBlank(text: string, from: number): number {
  let at = from
  for (;;) {
    const end = /^(\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)/.exec(text.slice(at))?.[0].length
    if (end === undefined) return at
    at += end
  }
}

/** After a blank, a comment, a word, a text or one letter. */
function afterToken(text: string, at: number): number {
  const rest = text.slice(at)
  const plain =
    /^(\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|[\w$\u0080-\uffff]+|'(?:[^'\\\n]|\\[\s\S])*'|"(?:[^"\\\n]|\\[\s\S])*")/.exec(
      rest,
    )
  if (plain !== null) return at + plain[0].length
  if (rest.startsWith('`')) return afterTemplate(text, at)
  if (/^['"/]/.test(rest)) throw new Unreadable(`what stands at line ${lineOf(text, at)} is not understood`)
  return at + 1
}

function afterTemplate(text: string, open: number): number {
  for (let at = open + 1; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '`') return at + 1
    else if (text.startsWith('${', at)) at = afterBrackets(text, at + 1) - 1
  }
  throw new Unreadable(`the text that begins at line ${lineOf(text, open)} is not closed`)
}

function lineOf(text: string, at: number): number {
  return text.slice(0, at).split('\n').length
}
