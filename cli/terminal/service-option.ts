// Which running service a verb asks, and with which key.
import { Option } from 'commander'
import type { Command } from 'commander'
import type { Service } from '../service/client.ts'
import { CommandError } from './failure.ts'

export interface ServiceOptions {
  readonly url: string
  readonly key?: string
}

export const URL_DEFAULT = 'http://127.0.0.1:8787'

export function addServiceOptions(command: Command): Command {
  return command
    .option('--url <url>', 'of the service', URL_DEFAULT)
    .option('--key <key>', 'an API key with the scope admin (the environment variable PRESAGE_KEY)')
}

/** Adds --url for a verb that does its work otherwise where none is given. */
export function addKeyedUrl(command: Command): Command {
  return command
    .addOption(
      new Option('--url <url>', 'of a running service, which does it by an admin key').conflicts('remote'),
    )
    .option(
      '--key <key>',
      'with --url: an API key with the scope admin (the environment variable PRESAGE_KEY)',
    )
}

/** Throws CommandError where there is no key, or what is given is no URL. */
export function serviceOf({ url, key = process.env['PRESAGE_KEY'] }: ServiceOptions): Service {
  if (key === undefined) throw new CommandError('No key: give --key or set PRESAGE_KEY')
  const given = URL.parse(url)
  if (given === null || !given.protocol.startsWith('http'))
    throw new CommandError(`'${url}' is no URL of a service; expected one such as ${URL_DEFAULT}`)
  return { url: url.replace(/\/+$/, ''), key }
}
