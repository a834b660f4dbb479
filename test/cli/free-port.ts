// Ports for services that tests and measurements start.
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'

/** A port on which nothing listens now. */
export async function freePort(): Promise<number> {
  const listener = createServer()
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const { port } = listener.address() as AddressInfo
  await new Promise((resolve) => listener.close(resolve))
  return port
}
