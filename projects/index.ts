// Every project that can be named on the command line. Add yours here.
import type { Project } from '../features/project.ts'
import { course } from './course.ts'
import { finance } from './finance.ts'
import { onlineShoppers } from './online-shoppers.ts'
import { shop } from './shop.ts'
import { social } from './social.ts'
import { trivago } from './trivago.ts'
import { wikipediaEdits } from './wikipedia-edits.ts'

const projects: readonly Project[] = [shop, course, finance, social, trivago, wikipediaEdits, onlineShoppers]

/** Projects by their names. */
export const projectByName: Readonly<Record<string, Project>> = Object.fromEntries(
  projects.map((project) => [project.name, project]),
)

/** Names of all projects, the four with a simulator first. */
export const projectNames: readonly string[] = projects.map((project) => project.name)
