// Checks of values that somebody wrote, whom no compiler may have told. Each gives the first fault in words
// that begin with the path of its key, as source.events[0].type.
import { nearestName } from './nearest-name.ts'

/** What is wrong with a value that stands at this path; undefined where nothing is. */
export type Check = (value: unknown, path: string) => string | undefined

const SHOWN_LENGTH_MAX = 40

export const isText: Check = (value, path) =>
  typeof value === 'string' ? undefined : expected('a text', value, path)

/** A column's name or SQL over columns. */
export const isExpression: Check = (value, path) =>
  typeof value === 'string' && value.trim() !== ''
    ? undefined
    : expected("a column's name or an expression, as text", value, path)

export const isBoolean: Check = (value, path) =>
  typeof value === 'boolean' ? undefined : expected('true or false', value, path)

/** A whole number from 0 on. */
export const isCount: Check = (value, path) =>
  Number.isSafeInteger(value) && Number(value) >= 0
    ? undefined
    : expected('a whole number from 0 on', value, path)

export function isOneOf(values: readonly unknown[]): Check {
  const words = values.map((value) => JSON.stringify(value)).join(', ')
  return (value, path) =>
    values.includes(value)
      ? undefined
      : expected(values.length === 1 ? words : `one of ${words}`, value, path) + meant(values, value)
}

export function isListOf(check: Check): Check {
  return (value, path) => {
    if (!Array.isArray(value)) return expected('a list', value, path)
    return firstFault(value.map((one, index) => () => check(one, `${path}[${index}]`)))
  }
}

/** A text where it is one; else what the other check takes. */
export function isTextOr(check: Check): Check {
  return (value, path) => (typeof value === 'string' ? undefined : check(value, path))
}

/** An object with these keys and no others; those that are not `needed` may be left out. */
export function hasFields<Fields>(
  checks: Readonly<Record<keyof Fields & string, Check>>,
  needed: readonly (keyof Fields & string)[] = [],
): Check {
  const keys = Object.keys(checks)
  return (value, path) => {
    if (!isObject(value)) return expected('an object', value, path)
    const absent = needed.find((key) => value[key] === undefined)
    return (
      // A key that is spelt wrongly before the one that is absent for it.
      unknownKey(value, { keys, path, what: 'key' }) ??
      (absent === undefined ? undefined : `${pathOf(path, absent)}: it is missing`) ??
      faultOfMembers(value, { path, checkOf: (key) => checks[key as keyof Fields & string] })
    )
  }
}

/** An object with any of these names as keys; `what` says what they name. */
export function hasNames(names: readonly string[], { what, check }: Named): Check {
  return (value, path) => {
    if (!isObject(value)) return expected('an object', value, path)
    return (
      unknownKey(value, { keys: names, path, what }) ?? faultOfMembers(value, { path, checkOf: () => check })
    )
  }
}

interface Named {
  /** 'user attribute' */
  readonly what: string
  readonly check: Check
}

/** An object with whatever keys. */
export function hasMembers(check: Check): Check {
  return (value, path) =>
    isObject(value)
      ? faultOfMembers(value, { path, checkOf: () => check })
      : expected('an object', value, path)
}

/** The rest of a sentence: what somebody may have meant; empty where nothing is like it. */
export function meant(names: readonly unknown[], got: unknown): string {
  const texts = names.filter((name) => typeof name === 'string')
  const nearest = typeof got === 'string' ? nearestName(texts, got) : undefined
  return nearest === undefined ? '' : `; is it '${nearest}'?`
}

export function expected(what: string, got: unknown, path: string): string {
  return `${path}: expected ${what}, got ${shown(got)}`
}

/** The first fault that there is; checks after it are not made. */
export function firstFault(checks: readonly (() => string | undefined)[]): string | undefined {
  for (const check of checks) {
    const fault = check()
    if (fault !== undefined) return fault
  }
  return undefined
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** 'events[0].type'; what is no plain name stands in quotes. */
export function pathOf(path: string, key: string): string {
  const plain = /^[A-Za-z_$][\w$]*$/.test(key)
  if (path === '') return plain ? key : `'${key}'`
  return plain ? `${path}.${key}` : `${path}['${key}']`
}

interface Keys {
  readonly keys: readonly string[]
  readonly path: string
  readonly what: string
}

function unknownKey(
  value: Readonly<Record<string, unknown>>,
  { keys, path, what }: Keys,
): string | undefined {
  const key = Object.keys(value).find((own) => !keys.includes(own))
  if (key === undefined) return undefined
  const there = keys.length === 0 ? 'none' : keys.join(', ')
  const guess = meant(keys, key)
  return `${pathOf(path, key)}: there is no such ${what}${guess === '' ? `; there is ${there}` : guess}`
}

function faultOfMembers(
  value: Readonly<Record<string, unknown>>,
  { path, checkOf }: { readonly path: string; readonly checkOf: (key: string) => Check },
): string | undefined {
  const present = Object.entries(value).filter(([, member]) => member !== undefined)
  return firstFault(
    present.map(
      ([key, member]) =>
        () =>
          checkOf(key)(member, pathOf(path, key)),
    ),
  )
}

function shown(value: unknown): string {
  if (typeof value === 'function') return `the function ${value.name}`
  const text = JSON.stringify(value) ?? String(value)
  return text.length <= SHOWN_LENGTH_MAX ? text : `${text.slice(0, SHOWN_LENGTH_MAX)}…`
}
