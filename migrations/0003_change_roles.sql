CREATE TABLE `audit` (
	`id` integer PRIMARY KEY NOT NULL,
	`at` integer NOT NULL,
	`action` text NOT NULL,
	`bundle_id` text NOT NULL,
	`share` real,
	`by` text NOT NULL,
	`note` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `deployments` ADD `step_ms` integer;