CREATE TABLE `heard` (
	`kind` text PRIMARY KEY NOT NULL,
	`count` integer NOT NULL
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `heard`("kind", "count") SELECT 'events', count(*) FROM `events`;
--> statement-breakpoint
CREATE TABLE `labels` (
	`user_id` text NOT NULL,
	`task` text NOT NULL,
	`at` integer NOT NULL,
	`value` text NOT NULL,
	`known_at` integer NOT NULL,
	`stored_at` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`user_id`, `task`, `at`, `stored_at`)
) WITHOUT ROWID;
--> statement-breakpoint
CREATE TABLE `__new_items` (
	`id` text NOT NULL,
	`known_at` integer NOT NULL,
	`attributes` text NOT NULL,
	`stored_at` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`id`, `known_at`, `stored_at`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_items`("id", "known_at", "attributes", "stored_at") SELECT "id", "known_at", "attributes", 0 FROM `items`;--> statement-breakpoint
DROP TABLE `items`;--> statement-breakpoint
ALTER TABLE `__new_items` RENAME TO `items`;--> statement-breakpoint
CREATE TABLE `__new_users` (
	`id` text NOT NULL,
	`known_at` integer NOT NULL,
	`attributes` text NOT NULL,
	`stored_at` integer DEFAULT 0 NOT NULL,
	PRIMARY KEY(`id`, `known_at`, `stored_at`)
) WITHOUT ROWID;
--> statement-breakpoint
INSERT INTO `__new_users`("id", "known_at", "attributes", "stored_at") SELECT "id", "known_at", "attributes", 0 FROM `users`;--> statement-breakpoint
DROP TABLE `users`;--> statement-breakpoint
ALTER TABLE `__new_users` RENAME TO `users`;--> statement-breakpoint
ALTER TABLE `events` ADD `stored_at` integer DEFAULT 0 NOT NULL;