// Which data a project was written for, so that the same data find it again.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { homeFolder, projectPaths } from '../storage/paths.ts'
import { writeWhole } from '../storage/write-whole.ts'
import { claimHome, ownerOf } from './claim-home.ts'
import { projectsFolder } from './project-file.ts'
import type { ProjectFile } from './project-file.ts'
import { makeFolder } from '../../training/make-folder.ts'

/** @param source the name of the data, with absolute paths (nameOfData) */
export function noteBegun({ name, file }: ProjectFile, source: string): void {
  if (file !== fileInCheckout(name)) claimHome({ name, file })
  makeFolder(projectPaths(name).folder)
  writeWhole(noteOf(name), `${source}\n`)
}

/** The files of the projects that were written for these data and are still there. */
export function projectsBegunFrom(source: string): string[] {
  const home = homeFolder()
  const names = existsSync(home) ? readdirSync(home) : []
  return names
    .filter((name) => existsSync(noteOf(name)) && readFileSync(noteOf(name), 'utf8').trim() === source)
    .map((name) => ownerOf(name) ?? fileInCheckout(name))
    .filter((file) => existsSync(file))
}

function fileInCheckout(name: string): string {
  return join(projectsFolder, `${name}.ts`)
}

function noteOf(name: string): string {
  return join(projectPaths(name).folder, 'begun-from')
}
