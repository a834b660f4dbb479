// A family by its name.
import { fail, succeed } from '../features/result.ts'
import type { Result } from '../features/result.ts'
import { familyByName } from './models/families.ts'
import type { Family } from './models/family.ts'

export function findFamily(
  name: string,
): Result<Family, { readonly code: 'unknown_family'; readonly family: string }> {
  const family = Object.hasOwn(familyByName, name) ? familyByName[name] : undefined
  return family === undefined ? fail({ code: 'unknown_family', family: name }) : succeed(family)
}
