// What a project may be called: its name names folders, databases, buckets and Workers too.

export function isProjectName(name: string): boolean {
  return /^[a-z][a-z0-9-]{0,62}$/.test(name)
}
