CREATE TABLE `trainings` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`state` text NOT NULL,
	`why` text NOT NULL,
	`queued_at` integer NOT NULL,
	`woken_at` integer,
	`claims` integer DEFAULT 0 NOT NULL,
	`claimed_by` text,
	`claimed_at` integer,
	`lease` text,
	`lease_until` integer,
	`step` text,
	`events` integer,
	`labels` integer,
	`rows` integer,
	`bundle_id` text,
	`ended_at` integer,
	`verdict` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `trainings_one_open` ON `trainings` (1) WHERE "trainings"."state" in ('queued', 'claimed');