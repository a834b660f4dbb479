// Migrations are written by `drizzle-kit generate --name verb_object` and applied by wrangler.
import { defineConfig } from 'drizzle-kit'

export default defineConfig({
  dialect: 'sqlite',
  schema: './functions/db/schema.ts',
  out: './migrations',
})
