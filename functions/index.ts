// The Worker's entry: serves the one project that it was built with. Which file that is, the command says
// when it runs wrangler; `imports` in package.json holds for everybody else.
import * as exported from '#served-project'
import { env } from 'cloudflare:workers'
import { exportedProject } from '../features/exported-project.ts'
import { createApp } from './app.ts'
import { createScheduled } from './scheduled/scheduled.ts'

const served = exportedProject(exported)
if (!served.ok) throw new Error(`The file that the Worker was built with: ${served.reason}`)
const project = served.value
if (project.name !== env.PROJECT) {
  throw new Error(
    `The Worker was built with project '${project.name}', but PROJECT is '${env.PROJECT}': presage deploy ${env.PROJECT} builds it with its own`,
  )
}

export default { fetch: createApp({ project }).fetch, scheduled: createScheduled({ project }) }
