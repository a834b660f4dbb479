CREATE TABLE `__new_deployments` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`role` text NOT NULL,
	`bundle_id` text NOT NULL,
	`share` real DEFAULT 1 NOT NULL,
	`from_at` integer NOT NULL,
	`until_at` integer,
	`by` text DEFAULT '' NOT NULL,
	`note` text DEFAULT '' NOT NULL,
	`restores` integer,
	FOREIGN KEY (`bundle_id`) REFERENCES `bundles`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
INSERT INTO `__new_deployments`("role", "bundle_id", "from_at") SELECT "role", "bundle_id", "deployed_at" FROM `deployments`;--> statement-breakpoint
DROP TABLE `deployments`;--> statement-breakpoint
ALTER TABLE `__new_deployments` RENAME TO `deployments`;--> statement-breakpoint
CREATE TABLE `__new_items` (
	`id` text NOT NULL,
	`known_at` integer NOT NULL,
	`attributes` text NOT NULL,
	PRIMARY KEY(`id`, `known_at`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_items`("id", "known_at", "attributes") SELECT "id", 0, "attributes" FROM `items`;--> statement-breakpoint
DROP TABLE `items`;--> statement-breakpoint
ALTER TABLE `__new_items` RENAME TO `items`;--> statement-breakpoint
CREATE TABLE `__new_users` (
	`id` text NOT NULL,
	`known_at` integer NOT NULL,
	`attributes` text NOT NULL,
	PRIMARY KEY(`id`, `known_at`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_users`("id", "known_at", "attributes") SELECT "id", 0, "attributes" FROM `users`;--> statement-breakpoint
DROP TABLE `users`;--> statement-breakpoint
ALTER TABLE `__new_users` RENAME TO `users`;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `name` text DEFAULT '' NOT NULL;--> statement-breakpoint
ALTER TABLE `api_keys` ADD `expires_at` integer;--> statement-breakpoint
ALTER TABLE `events` ADD `place` integer DEFAULT 0 NOT NULL;
