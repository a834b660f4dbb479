// The vectors that encoders make of declared texts: attributes that a project has, and that nobody gives.
import type { EncoderDeclaration } from './encoder.ts'
import type { Attribute } from './project.ts'

type Declared = Readonly<Record<string, Attribute>>

/** A vector that an encoder makes of a text. */
export interface MadeVector {
  readonly name: string
  /** Name of the text. */
  readonly text: string
  readonly encoder: EncoderDeclaration
}

/** The vector of text 'about' is 'about.vector'. */
export function madeVectors(declared: Declared): MadeVector[] {
  return Object.entries(declared).flatMap(([name, attribute]) =>
    attribute.kind === 'text' && attribute.encoder !== undefined
      ? [{ name: `${name}.vector`, text: name, encoder: attribute.encoder }]
      : [],
  )
}

/** With the vector of each text that has an encoder. */
export function withMadeVectors<Fields extends Declared>(declared: Fields): Fields {
  const made = madeVectors(declared).map(({ name, text, encoder: { dims } }): [string, Attribute] => {
    const fixed = declared[text]?.fixed
    return [name, { kind: 'vector', length: dims, madeOf: text, ...(fixed !== undefined && { fixed }) }]
  })
  return { ...declared, ...Object.fromEntries(made) }
}

/** The attributes that files and requests give: all others. */
export function givenAttributes(declared: Declared): Declared {
  const given = Object.entries(declared).filter(
    ([, attribute]) => attribute.kind !== 'vector' || attribute.madeOf === undefined,
  )
  return Object.fromEntries(given)
}
