// presage deploy, through the real wrangler, into a stand-in for the account.
import { linkSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { copyCheckout } from '../checkout.ts'
import { jsonOf, runPresage } from '../run-presage.ts'
import type { Ended } from '../run-presage.ts'
import { createStandInAccount } from '../stand-in-account.ts'
import type { StandInAccount } from '../stand-in-account.ts'
import { writeTinyBundle } from '../tiny-bundle.ts'

const PLACEHOLDER = '00000000-0000-0000-0000-000000000000'

let home: string
let root: string
let bundle: string
let account: StandInAccount
beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'presage-test-'))
  root = copyCheckout(join(home, 'checkout'), { worker: 'small' })
  bundle = await writeTinyBundle(home)
  account = await createStandInAccount()
})
afterAll(async () => {
  await account.close()
  rmSync(home, { recursive: true })
})

/** What the next deployments find in their environment. */
let brought: Readonly<Record<string, string>> = {}
const deploy = (...args: readonly string[]): Promise<Ended> => {
  const env = { ...account.env, ...brought }
  return runPresage(['deploy', 'shop', '--bundle', bundle, '--json', ...args], { home, root, env })
}

describe('presage deploy', () => {
  it('touches nothing where nothing was made yet, and says how to make it', async () => {
    const { code, stdout, stderr } = await deploy()
    expect([code, stdout]).toEqual([1, ''])
    expect(stderr).toMatch(/^presage: wrangler\.toml: \[env\.shop\] names no database.*--create.*\n$/)
    expect(account.log).toEqual([])
    expect(account.requests()).toBe(0)
  })

  it('makes what is missing when asked, then migrates, deploys the Worker, and publishes last', async () => {
    const [tomlPath, beforePath] = [join(root, 'wrangler.toml'), join(home, 'before.toml')]
    linkSync(tomlPath, beforePath)
    const before = readFileSync(tomlPath, 'utf8')
    const { bundle: id, key } = jsonOf(await deploy('--create', '--key', 'predict')) as {
      bundle: string
      key: { key: string }
    }
    expect(account.buckets).toEqual(['presage-shop-bundles'])
    expect([...new Set(account.log)]).toEqual([
      'create presage-shop',
      'create presage-shop-bundles',
      'migrate',
      'deploy presage-shop',
      'schedule presage-shop',
      'put presage-shop-bundles',
    ])
    expect(account.tables()).toContain('deployments')
    const champion = account.database
      .prepare("select bundle_id from deployments where role = 'champion' and until_at is null")
      .get()
    expect(champion?.['bundle_id']).toBe(id)
    expect(key.key).toMatch(/^psg_/)
    const toml = readFileSync(tomlPath, 'utf8')
    expect(toml.slice(toml.indexOf('[env.shop')).includes(PLACEHOLDER)).toBe(false)
    // Replaced, not written over: who reads it meanwhile never meets half of it.
    expect(readFileSync(beforePath, 'utf8')).toBe(before)
    expect(statSync(tomlPath).mode).toBe(statSync(beforePath).mode)
  })

  it('makes nothing twice, and leaves what answers where the code alone is brought', async () => {
    const before = account.log.length
    expect(jsonOf(await deploy('--create', '--no-publish'))).toEqual({
      project: 'shop',
      bundle: null,
      key: null,
      secrets: { set: [], missing: [] },
    })
    expect(account.buckets).toEqual(['presage-shop-bundles'])
    expect(account.log.slice(before)).toEqual(['deploy presage-shop', 'schedule presage-shop'])
  })

  it('sets secrets from the environment without showing one, and says which are missing', async () => {
    const path = join(root, 'wrangler.toml')
    const toml = readFileSync(path, 'utf8').replace(
      /(\[env\.shop\.vars\][^[]*TRAINING_WAKE = )"none"/,
      '$1"github"\nALARM_URL = "https://alarms.example"',
    )
    writeFileSync(path, toml)
    brought = { PRESAGE_SECRET_ALARM_SECRET: 'not-to-be-shown', GITHUB_TOKEN: 'of-somebody-else' }
    for (const turn of ['first', 'again']) {
      const ended = await deploy('--no-publish')
      expect(jsonOf(ended), turn).toMatchObject({
        secrets: { set: ['ALARM_SECRET'], missing: ['GITHUB_TOKEN'] },
      })
      expect(ended.stdout + ended.stderr).not.toMatch(/not-to-be-shown|of-somebody-else/)
      expect(ended.stderr).toContain('the secret GITHUB_TOKEN is missing: set PRESAGE_SECRET_GITHUB_TOKEN')
      expect([...account.secrets]).toEqual([['ALARM_SECRET', 'not-to-be-shown']])
    }
    brought = { PRESAGE_SECRET_ALARM_SECRET: '', PRESAGE_SECRET_GITHUB_TOKEN: 'told' }
    expect(jsonOf(await deploy('--no-publish'))).toMatchObject({
      secrets: { set: ['GITHUB_TOKEN'], missing: [] },
    })
    expect([...account.secrets.keys()]).toEqual(['ALARM_SECRET', 'GITHUB_TOKEN'])
  })
})
