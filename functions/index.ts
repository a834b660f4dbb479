// The Worker's entry: the project named by PROJECT, served.
import { env } from 'cloudflare:workers'
import { projectByName } from '../projects/index.ts'
import { createApp } from './app.ts'

const project = projectByName[env.PROJECT]
if (project === undefined) {
  const names = Object.keys(projectByName).join(', ')
  throw new Error(`PROJECT is '${env.PROJECT}'; expected one of ${names}`)
}

export default createApp({ project })
