// A running service, as any client sees it.
import { CommandError } from '../terminal/failure.ts'

export interface Service {
  /** Such as http://127.0.0.1:8787, without a slash at the end. */
  readonly url: string
  readonly key: string
}

/** An answer to POST /v1/predict, as far as it is read here. */
export interface Prediction {
  readonly fallback: string | null
  readonly bundle: { readonly id: string; readonly family: string }
  readonly answers: Readonly<Record<string, Answer>>
}
export type Answer = { readonly basis?: 'prior' } & (
  | { readonly probability: number }
  | { readonly value: string; readonly probabilities: Readonly<Record<string, number>> }
  | { readonly expected: number }
)

export interface Question {
  readonly userId: string
  readonly tasks?: readonly string[]
  readonly explain?: true
  readonly interval?: true
}

/** Throws CommandError with what the service says where it does not answer. */
export async function predict(service: Service, question: Question): Promise<Prediction> {
  return (await send(service, { method: 'POST', path: '/v1/predict', body: question })) as Prediction
}

/** Sends a request with the key; gives the answer's JSON. */
export async function send(
  { url, key }: Service,
  { method, path, body }: { readonly method: 'POST' | 'PUT'; readonly path: string; readonly body: unknown },
): Promise<unknown> {
  const headers = { authorization: `Bearer ${key}`, 'content-type': 'application/json' }
  let response: Response
  try {
    response = await fetch(`${url}${path}`, { method, headers, body: JSON.stringify(body) })
  } catch {
    throw new CommandError(`No service answers at ${url}: presage dev or npm start runs one`)
  }
  const text = await response.text()
  if (!response.ok) throw new CommandError(`${method} ${path} answered ${response.status}: ${text}`)
  return text === '' ? undefined : JSON.parse(text)
}

/** The same question as a command that answers when pasted into a shell. */
export function curlOf({ url, key }: Service, question: Question): string {
  const body = JSON.stringify(question).replaceAll("'", String.raw`'\''`)
  return `curl -sS ${url}/v1/predict -H 'authorization: Bearer ${key}' -H 'content-type: application/json' -d '${body}'`
}
