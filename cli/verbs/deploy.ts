// presage deploy: code and model of a project into the user's account, in an order that never leaves a
// Worker with a bundle that it must refuse: the database first, then the Worker, which reads the bundles
// of the version before too, its secrets, and last the bundle.
import type { Command } from 'commander'
import { loadProject } from '../projects/load-project.ts'
import { PROJECT_HELP } from '../projects/project-file.ts'
import { runWrangler, servedProjectArgs } from '../processes/wrangler.ts'
import { createMissing } from '../storage/account.ts'
import { environmentOf } from '../storage/environments.ts'
import { findBundle, findBundleOf } from '../storage/find-bundle.ts'
import { createKey, parseScopes } from '../storage/keys.ts'
import { withStorage } from '../storage/open-storage.ts'
import { openBundle, publishBundle } from '../storage/publish.ts'
import { describeMissing, SECRETS, secretsIn, setSecrets } from '../storage/secrets.ts'
import { CommandError } from '../terminal/failure.ts'

interface Options {
  readonly create?: true
  /** False with --no-publish. */
  readonly publish: boolean
  readonly bundle?: string
  readonly key?: string
  readonly json?: true
}

export function addDeploy(program: Command): void {
  program
    .command('deploy')
    .description('bring database, Worker and bundle of a project into your Cloudflare account')
    .argument('<project>', `${PROJECT_HELP}; its environment in wrangler.toml has its name`)
    .option(
      '--create',
      'make the database and the bucket where they are missing; notes them in wrangler.toml',
    )
    .option('--bundle <bundle>', 'the one to publish, by its id or folder (the one trained last)')
    .option('--no-publish', 'bring the code alone: the bundle that answers stays')
    .option('--key <scopes>', 'make a key with these scopes in the end, and print it')
    .option('--json', 'end with one line of JSON')
    .addHelpText(
      'after',
      `\nSecrets are set from the environment: PRESAGE_SECRET_ and one of ${Object.keys(SECRETS).join(', ')}.`,
    )
    .action(deploy)
}

async function deploy(name: string, options: Options): Promise<void> {
  const say = (line: string): void => void process.stderr.write(`${line}\n`)
  const { project: declared, file } = await loadProject(name)
  const project = declared.name
  // What is refused is refused before anything is touched.
  const scopes = options.key === undefined ? undefined : parseScopes(options.key)
  const bundle = options.publish ? await openBundleOf(project, options.bundle) : undefined
  if (options.create) for (const made of await createMissing(declared)) say(`made ${made}`)
  const { variables } = await environmentOf(project)
  const deployed = await withStorage({ kind: 'remote', project }, { migrate: true }, async (storage) => {
    say('the database is up to date; deploying the Worker')
    await runWrangler(['deploy', '--env', project, ...servedProjectArgs({ project, file })])
    say('the Worker is deployed')
    const secrets = await setSecrets(secretsIn(process.env), { project, variables })
    if (secrets.set.length > 0) say(`set the secrets ${secrets.set.join(', ')}`)
    for (const secret of secrets.missing) say(describeMissing(secret, project))
    if (bundle !== undefined) {
      await publishBundle(bundle, { storage, nowMs: Date.now(), note: 'presage deploy' })
      say(`published bundle ${bundle.id}`)
    }
    const key = scopes && (await createKey({ scopes, storage, nowMs: Date.now() }))
    return { bundle: bundle?.id ?? null, key: key ?? null, secrets }
  })
  if (options.json) console.log(JSON.stringify({ project, ...deployed }))
  else if (deployed.key !== null) console.log(deployed.key.key)
}

async function openBundleOf(project: string, named: string | undefined) {
  const bundle = await openBundle(named === undefined ? findBundle(project) : findBundleOf(project, named))
  if (bundle.manifest.project === project) return bundle
  throw new CommandError(
    `${bundle.folder} is a bundle of project '${bundle.manifest.project}', not of '${project}'`,
  )
}
