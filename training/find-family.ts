// A family by its name, and what a project declares of it.
import { fail, succeed } from '../features/result.ts'
import type { Result } from '../features/result.ts'
import type { Project } from '../features/project.ts'
import { familyByName } from './models/families.ts'
import type { Family, Settings } from './models/family.ts'

export function findFamily(
  name: string,
): Result<Family, { readonly code: 'unknown_family'; readonly family: string }> {
  const family = Object.hasOwn(familyByName, name) ? familyByName[name] : undefined
  return family === undefined ? fail({ code: 'unknown_family', family: name }) : succeed(family)
}

/** The settings that the project declares for a family; undefined where it declares none, or those of another. */
export function declaredSettings({ training }: Project, family: Family): Settings | undefined {
  return training?.family === family.name ? training.settings : undefined
}
