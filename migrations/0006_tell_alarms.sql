CREATE TABLE `drift_looks` (
	`bundle_id` text NOT NULL,
	`at` integer NOT NULL,
	`report` text NOT NULL,
	PRIMARY KEY(`bundle_id`, `at`)
);
--> statement-breakpoint
ALTER TABLE `alarms` ADD `told_at` integer;--> statement-breakpoint
ALTER TABLE `alarms` ADD `end_told_at` integer;